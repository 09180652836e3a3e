package dev.tapline.sink.parquet.contract;

import dev.tapline.sink.parquet.ParquetSinkProvider;
import dev.tapline.sink.parquet.fixture.AvroRows;
import dev.tapline.sink.parquet.fixture.ParquetRows;
import dev.tapline.sink.parquet.fixture.TestFiles;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.testkit.SinkContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/// The contract of sinks, for files in a folder. Values that the formats cannot store are text.
abstract class FolderContract extends SinkContract {
  @TempDir Path folder;

  private final Map<String, Object> keys;

  FolderContract(Map<String, Object> keys) {
    this.keys = keys;
  }

  @Override
  protected Sink open(SinkContext context) {
    ParquetSinkProvider provider = new ParquetSinkProvider();
    Map<String, Object> all = new HashMap<>(keys);
    all.put("path", folder.toString());
    all.put("special-values", "text");
    all.put("arrays", "text");
    return provider.create(Config.of(provider.config(), all), context);
  }

  @Override
  protected boolean isReadByName() {
    return !keys.containsKey("compact");
  }

  @Override
  protected List<Map<String, @Nullable Object>> read(Stream stream) throws Exception {
    Path visible =
        folder.resolve(stream.destination() + (keys.containsKey("compact") ? "__current" : ""));
    return isAvro()
        ? AvroRows.read(TestFiles.in(visible, ".avro"), stream.schema())
        : ParquetRows.read(TestFiles.in(visible, ".parquet"), stream.schema());
  }

  @Override
  protected List<String> leftovers() throws IOException {
    try (java.util.stream.Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> !file.equals(folder))
          .map(file -> folder.relativize(file).toString())
          .filter(name ->
              name.endsWith(".tmp")
                  || name.startsWith(".tapline/work")
                  || name.endsWith(".generation"))
          .toList();
    }
  }

  private boolean isAvro() {
    return "avro".equals(keys.get("format"));
  }
}
