package dev.tapline.sink.jdbc.connection;

import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.TreeSet;
import org.slf4j.LoggerFactory;

/// Finds drivers in the plug-in's folder. [java.sql.DriverManager] knows only those of the host.
public final class DriverLoader {
  private DriverLoader() {}

  static Driver of(String url) throws SQLException {
    return find(url)
        .orElseThrow(() ->
            new SQLException(
                "there is no driver for '%s'; put its jar into the plug-in's folder, where there are %s now"
                    .formatted(ConnectionConfig.redacted(url), names())));
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

  /// The class names of the drivers that were found.
  public static String names() {
    TreeSet<String> names = new TreeSet<>();
    all().forEach(driver -> names.add(driver.getClass().getName()));
    return String.join(", ", names);
  }

  private static List<Driver> all() {
    List<Driver> drivers = new ArrayList<>();
    PluginServices.load(Driver.class).stream()
        .forEach(provider -> {
          try {
            drivers.add(provider.get());
          } catch (ServiceConfigurationError | LinkageError e) {
            LoggerFactory.getLogger("jdbc")
                .warn(
                    "the driver {} cannot be loaded: {}", provider.type().getName(), e.toString());
          }
        });
    return drivers;
  }
}
