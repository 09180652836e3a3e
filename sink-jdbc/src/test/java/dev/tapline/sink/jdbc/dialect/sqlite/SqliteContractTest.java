package dev.tapline.sink.jdbc.dialect.sqlite;

import dev.tapline.sink.jdbc.testing.DatabaseContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteContractTest extends DatabaseContract {
  @TempDir Path folder;

  @Override
  protected String url() {
    return "jdbc:sqlite:" + folder.resolve("shop");
  }
}
