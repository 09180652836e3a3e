package dev.tapline.sink.jdbc.connection;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.standard.StandardDialect;
import java.util.ServiceLoader;

/// The dialects in the plug-in's folder.
public final class DialectLoader {
  private DialectLoader() {}

  /// The dialect for a URL: one that knows it, or standard SQL.
  public static Dialect of(String url) {
    ModuleLayer layer = DialectLoader.class.getModule().getLayer();
    ServiceLoader<Dialect> loader =
        layer == null
            ? ServiceLoader.load(Dialect.class, DialectLoader.class.getClassLoader())
            : ServiceLoader.load(layer, Dialect.class);
    for (Dialect dialect : loader) {
      if (dialect.accepts(url)) {
        return dialect;
      }
    }
    return new StandardDialect();
  }
}
