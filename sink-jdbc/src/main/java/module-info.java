import org.jspecify.annotations.NullMarked;

/// Writes streams as tables of any database that has a JDBC driver.
///
/// A driver, and a [dev.tapline.sink.jdbc.dialect.api.Dialect] for its database, may be added as
/// further jars of the plug-in's folder.
@NullMarked
module dev.tapline.sink.jdbc {
  requires com.zaxxer.hikari;
  requires dev.tapline.files;
  requires dev.tapline.spi;
  requires java.sql;
  requires jdk.net;
  requires org.postgresql.jdbc;
  requires org.slf4j;
  requires tools.jackson.core;
  requires static duckdb.jdbc;
  requires static org.jspecify;
  // Its annotations stand in the classes of pgjdbc, and the compiler wants to know them.
  requires static org.checkerframework.checker.qual;

  exports dev.tapline.sink.jdbc.dialect.api;
  // The driver makes its socket factory by its name.
  exports dev.tapline.sink.jdbc.dialect.postgresql to
      org.postgresql.jdbc;

  uses dev.tapline.sink.jdbc.dialect.api.Dialect;
  uses java.sql.Driver;

  provides dev.tapline.sink.jdbc.dialect.api.Dialect with
      dev.tapline.sink.jdbc.dialect.postgresql.PostgresDialect,
      dev.tapline.sink.jdbc.dialect.h2.H2Dialect,
      dev.tapline.sink.jdbc.dialect.sqlite.SqliteDialect,
      dev.tapline.sink.jdbc.dialect.duckdb.DuckDbDialect,
      dev.tapline.sink.jdbc.dialect.mysql.MariaDbDialect,
      dev.tapline.sink.jdbc.dialect.mysql.MySqlDialect;
  provides dev.tapline.spi.sink.SinkProvider with
      dev.tapline.sink.jdbc.JdbcSinkProvider;
}
