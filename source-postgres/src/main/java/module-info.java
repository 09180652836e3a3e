import dev.tapline.source.postgres.PostgresProvider;
import org.jspecify.annotations.NullMarked;

/// Reads PostgreSQL databases.
@NullMarked
module dev.tapline.source.postgres {
  requires dev.tapline.spi;
  requires java.sql;
  requires org.postgresql.jdbc;
  requires org.slf4j;
  requires static org.jspecify;
  // Its annotations stand in the classes of pgjdbc, and the compiler wants to know them.
  requires static org.checkerframework.checker.qual;

  provides dev.tapline.spi.SourceProvider with
      PostgresProvider;
}
