package dev.tapline.sink.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2ContractTest extends DatabaseContract {
  @TempDir Path folder;

  @Override
  String url() {
    return "jdbc:h2:" + folder.resolve("shop");
  }
}
