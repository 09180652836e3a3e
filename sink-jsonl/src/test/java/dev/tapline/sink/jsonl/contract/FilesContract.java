package dev.tapline.sink.jsonl.contract;

import com.github.luben.zstd.ZstdInputStream;
import dev.tapline.sink.jsonl.JsonLinesSinkProvider;
import dev.tapline.sink.jsonl.fixture.CanonicalRows;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.testkit.SinkContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/// The contract of sinks, for a layout and a compression.
abstract class FilesContract extends SinkContract {
  @TempDir Path folder;

  private final String layout;
  private final String compression;

  FilesContract(String layout, String compression) {
    this.layout = layout;
    this.compression = compression;
  }

  @Override
  protected Sink open(SinkContext context) {
    JsonLinesSinkProvider provider = new JsonLinesSinkProvider();
    Config config =
        Config.of(
            provider.config(),
            Map.of("path", folder.toString(), "layout", layout, "compression", compression));
    return provider.create(config, context);
  }

  @Override
  protected boolean isReadByName() {
    return true;
  }

  @Override
  protected List<Map<String, @Nullable Object>> read(Stream stream) throws IOException {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Path file : visible(stream.destination())) {
      for (String line : text(file).lines().toList()) {
        rows.add(CanonicalRows.row(line, stream.schema()));
      }
    }
    return rows;
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

  private List<Path> visible(String destination) throws IOException {
    if (layout.equals("file")) {
      Path file = folder.resolve(destination + extension());
      return Files.exists(file) ? List.of(file) : List.of();
    }
    Path live = folder.resolve(destination);
    if (!Files.exists(live)) {
      return List.of();
    }
    try (java.util.stream.Stream<Path> files = Files.list(live)) {
      return files.filter(file -> file.toString().endsWith(extension())).sorted().toList();
    }
  }

  private String extension() {
    return switch (compression) {
      case "gzip" -> ".jsonl.gz";
      case "zstd" -> ".jsonl.zst";
      default -> ".jsonl";
    };
  }

  private String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        InputStream plain =
            switch (compression) {
              case "gzip" -> new GZIPInputStream(in);
              case "zstd" -> new ZstdInputStream(in).setContinuous(false);
              default -> in;
            }) {
      return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
