package dev.tapline.sink.jdbc.connection;

import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;

/// The drivers in the plug-in's folder. [java.sql.DriverManager] knows only those of the host.
public final class DriverLoader {
  private DriverLoader() {}

  static Driver of(String url) throws SQLException {
    return find(url)
        .orElseThrow(() ->
            new SQLException(
                "there is no driver for '%s'; put its jar into the plug-in's folder, where there are %s now"
                    .formatted(ConnectionConfig.shown(url), names())));
  }

  /// The driver for a URL.
  public static Optional<Driver> find(String url) throws SQLException {
    for (Driver driver : all()) {
      if (driver.acceptsURL(url)) {
        return Optional.of(driver);
      }
    }
    return Optional.empty();
  }

  /// The drivers there are, by their packages.
  public static String names() {
    TreeSet<String> names = new TreeSet<>();
    all().forEach(driver -> names.add(driver.getClass().getName()));
    return String.join(", ", names);
  }

  private static List<Driver> all() {
    ModuleLayer layer = DriverLoader.class.getModule().getLayer();
    ServiceLoader<Driver> loader =
        layer == null
            ? ServiceLoader.load(Driver.class, DriverLoader.class.getClassLoader())
            : ServiceLoader.load(layer, Driver.class);
    List<Driver> drivers = new ArrayList<>();
    loader.stream()
        .forEach(provider -> {
          try {
            drivers.add(provider.get());
          } catch (ServiceConfigurationError | LinkageError e) {
            org.slf4j.LoggerFactory.getLogger("jdbc")
                .warn(
                    "the driver {} cannot be loaded: {}", provider.type().getName(), e.toString());
          }
        });
    return drivers;
  }
}
