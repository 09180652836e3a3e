package dev.tapline.sink.jsonl;

import dev.tapline.sink.jsonl.fixture.CanonicalRows;
import dev.tapline.sink.jsonl.fixture.RawJson;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.testkit.SinkContract;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The contract of sinks, for standard output, where each row names its stream.
final class ConsoleContractTest extends SinkContract {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Override
  protected Sink open(SinkContext context) {
    JsonLinesSinkProvider provider = new JsonLinesSinkProvider(() -> out);
    return provider.create(Config.of(provider.config(), Map.of("layout", "stdout")), context);
  }

  @Override
  protected List<Map<String, @Nullable Object>> read(Stream stream) {
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> isOf(stream, line))
        .map(line -> CanonicalRows.row(line, stream.schema()))
        .toList();
  }

  @Override
  protected List<String> leftovers() {
    return List.of();
  }

  private static boolean isOf(Stream stream, String line) {
    String named = RawJson.fields(line).get("_stream");
    return named != null && RawJson.string(named).equals(stream.destination());
  }
}
