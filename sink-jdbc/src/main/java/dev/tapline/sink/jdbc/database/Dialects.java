package dev.tapline.sink.jdbc.database;

import dev.tapline.sink.jdbc.dialect.Dialect;
import dev.tapline.sink.jdbc.dialects.StandardDialect;
import java.util.ServiceLoader;

/// The dialects in the plug-in's folder.
public final class Dialects {
  private Dialects() {}

  /// The dialect for a URL: one that knows it, or standard SQL.
  public static Dialect of(String url) {
    ModuleLayer layer = Dialects.class.getModule().getLayer();
    ServiceLoader<Dialect> loader =
        layer == null
            ? ServiceLoader.load(Dialect.class, Dialects.class.getClassLoader())
            : ServiceLoader.load(layer, Dialect.class);
    for (Dialect dialect : loader) {
      if (dialect.accepts(url)) {
        return dialect;
      }
    }
    return new StandardDialect();
  }
}
