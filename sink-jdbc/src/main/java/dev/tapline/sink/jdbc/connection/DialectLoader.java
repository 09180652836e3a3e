package dev.tapline.sink.jdbc.connection;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.standard.StandardDialect;
import java.lang.module.ModuleDescriptor;
import java.util.stream.Stream;

/// Finds dialects in the plug-in's folder.
public final class DialectLoader {
  /// The service's name before it was [Dialect]'s present one.
  private static final String FORMER = "dev.tapline.sink.jdbc.dialect.Dialect";

  private DialectLoader() {}

  /// The dialect that accepts a URL, or standard SQL.
  ///
  /// @throws IllegalStateException if a jar of the plug-in has a dialect for an earlier version of
  ///   Tapline, which would not be found
  public static Dialect of(String url) {
    requireCurrent(PluginServices.modules());
    if (PluginServices.isNamedBeside(FORMER)) {
      throw outdated("a jar beside the sink");
    }
    for (Dialect dialect : PluginServices.load(Dialect.class)) {
      if (dialect.accepts(url)) {
        return dialect;
      }
    }
    return new StandardDialect();
  }

  /// Refuses modules that provide dialects under the service's former name.
  static void requireCurrent(Stream<ModuleDescriptor> modules) {
    modules
        .filter(module ->
            module.provides().stream().anyMatch(provided -> provided.service().equals(FORMER)))
        .findFirst()
        .ifPresent(module -> {
          throw outdated("the module " + module.name());
        });
  }

  private static IllegalStateException outdated(String where) {
    return new IllegalStateException(
        "the dialect in "
            + where
            + " is for an earlier version of Tapline: it provides "
            + FORMER
            + "; compile it anew, as a "
            + Dialect.class.getName());
  }
}
