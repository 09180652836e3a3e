import dev.tapline.source.postgres.PostgresProvider;
import org.jspecify.annotations.NullMarked;

/// Reads PostgreSQL databases.
@NullMarked
module dev.tapline.source.postgres {
  requires com.jcraft.jsch;
  requires dev.tapline.spi;
  requires java.sql;
  requires jdk.net;
  requires org.postgresql.jdbc;
  requires org.slf4j;
  requires static org.jspecify;
  // Its annotations stand in the classes of pgjdbc, and the compiler wants to know them.
  requires static org.checkerframework.checker.qual;

  // The driver makes its socket factories by their names.
  exports dev.tapline.source.postgres.connection.socket to
      org.postgresql.jdbc;

  provides dev.tapline.spi.source.SourceProvider with
      PostgresProvider;
}
