package dev.tapline.sink.jdbc.dialect.h2;

import dev.tapline.sink.jdbc.testing.DatabaseContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2ContractTest extends DatabaseContract {
  @TempDir Path folder;

  @Override
  protected String url() {
    return "jdbc:h2:" + folder.resolve("shop");
  }
}
