package dev.tapline.sink.jdbc;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkProvider;
import java.util.List;

/// Provides the sink of `type: jdbc`.
public final class JdbcSinkProvider implements SinkProvider {
  /// For [java.util.ServiceLoader].
  public JdbcSinkProvider() {}

  @Override
  public String name() {
    return "jdbc";
  }

  @Override
  public List<String> calledElsewhere() {
    return List.of(
        "postgres", "postgresql", "mariadb", "mysql", "sqlite", "duckdb", "h2", "database", "sql");
  }

  @Override
  public String description() {
    return "Writes streams as tables of PostgreSQL, MariaDB, MySQL, SQLite, DuckDB, H2, or of any database whose JDBC driver is put into this plug-in's folder (standard SQL then).";
  }

  @Override
  public ConfigSpec config() {
    return JdbcSinkOptions.SPEC;
  }

  @Override
  public List<ConfigProblem> validate(Config config) {
    return new JdbcSinkConfig(config).problems();
  }

  @Override
  public Sink create(Config config, SinkContext context) {
    return new JdbcSinkConfig(config).createSink(context);
  }
}
