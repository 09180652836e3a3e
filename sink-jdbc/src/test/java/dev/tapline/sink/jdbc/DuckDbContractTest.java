package dev.tapline.sink.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DuckDbContractTest extends DatabaseContract {
  @TempDir Path folder;

  @Override
  String url() {
    return "jdbc:duckdb:" + folder.resolve("shop");
  }
}
