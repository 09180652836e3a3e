package dev.tapline.sink.jdbc.connection;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.standard.StandardDialect;

/// Finds dialects in the plug-in's folder.
public final class DialectLoader {
  private DialectLoader() {}

  /// The dialect that accepts a URL, or standard SQL.
  public static Dialect of(String url) {
    for (Dialect dialect : PluginServices.load(Dialect.class)) {
      if (dialect.accepts(url)) {
        return dialect;
      }
    }
    return new StandardDialect();
  }
}
