package dev.tapline.sink.jdbc.dialect.duckdb;

import dev.tapline.sink.jdbc.testing.DatabaseContract;
import dev.tapline.spi.catalog.Stream;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DuckDbContractTest extends DatabaseContract {
  @TempDir Path folder;

  @Override
  protected String url() {
    return "jdbc:duckdb:" + folder.resolve("shop");
  }

  @Override
  protected String columns(Stream stream) {
    // The driver cannot read the time 24:00.
    return stream.schema().indexOf("time") < 0
        ? "*"
        : "* REPLACE (CAST(\"time\" AS VARCHAR) AS \"time\")";
  }
}
