package dev.tapline.sink.jdbc;

import dev.tapline.spi.catalog.Stream;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DuckDbContractTest extends DatabaseContract {
  @TempDir Path folder;

  @Override
  String url() {
    return "jdbc:duckdb:" + folder.resolve("shop");
  }

  @Override
  String columns(Stream stream) {
    // The driver cannot read the time 24:00.
    return stream.schema().indexOf("time") < 0
        ? "*"
        : "* REPLACE (CAST(\"time\" AS VARCHAR) AS \"time\")";
  }
}
