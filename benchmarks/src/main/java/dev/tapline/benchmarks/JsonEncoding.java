package dev.tapline.benchmarks;

import dev.tapline.sink.jsonl.encoding.ByteTarget;
import dev.tapline.sink.jsonl.encoding.JsonBuffer;
import dev.tapline.sink.jsonl.encoding.JsonRowEncoder;
import dev.tapline.sink.jsonl.encoding.Metadata;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.sink.GrowingClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/// One batch, written as lines of JSON by the sink and by its rival, over and over.
public final class JsonEncoding {
  /// How many rows one call writes.
  public static final int ROWS = CopyDecoding.ROWS;

  private final Batch batch;
  private final Counter ownCounter = new Counter();
  private final Counter libraryCounter = new Counter();
  private final JsonBuffer buffer = new JsonBuffer(ownCounter);
  private final JsonRowEncoder own;
  private final JacksonEncoder library;

  /// Makes the batch, and makes sure that the two encoders write the same bytes, which are JSON.
  ///
  /// @throws IllegalStateException if they do not
  public JsonEncoding(SampleTable table) throws IOException {
    batch = new CopyDecoding(table).own();
    own = ownEncoder();
    library = new JacksonEncoder(batch.schema(), libraryCounter);
    requireEqual();
  }

  /// How many bytes the sink's encoder has written.
  public long own() throws IOException {
    ownCounter.bytes = 0;
    own.write(batch, buffer, 0);
    buffer.drain();
    return ownCounter.bytes;
  }

  /// How many bytes Jackson has written.
  public long library() {
    libraryCounter.bytes = 0;
    library.write(batch);
    return libraryCounter.bytes;
  }

  private JsonRowEncoder ownEncoder() {
    return new JsonRowEncoder(
        batch.schema(),
        RowFormat.of(Metadata.NONE),
        "",
        1,
        new GrowingClock(InstantSource.system(), 0));
  }

  private void requireEqual() throws IOException {
    ByteArrayOutputStream ownBytes = new ByteArrayOutputStream();
    JsonBuffer out = new JsonBuffer(ownBytes::write);
    ownEncoder().write(batch, out, 0);
    out.drain();
    ByteArrayOutputStream libraryBytes = new ByteArrayOutputStream();
    try (JacksonEncoder jackson = new JacksonEncoder(batch.schema(), libraryBytes)) {
      jackson.write(batch);
    }
    byte[] lines = ownBytes.toByteArray();
    int difference = Arrays.mismatch(lines, libraryBytes.toByteArray());
    if (difference >= 0) {
      int from = Math.max(0, difference - 40);
      int length = Math.min(80, lines.length - from);
      throw new IllegalStateException(
          "the encoders differ at byte %d: %s"
              .formatted(difference, new String(lines, from, length, StandardCharsets.UTF_8)));
    }
    requireObjects(lines);
  }

  private void requireObjects(byte[] lines) {
    int objects = 0;
    try (MappingIterator<JsonNode> nodes =
        new JsonMapper().readerFor(JsonNode.class).readValues(lines)) {
      while (nodes.hasNext()) {
        if (nodes.next().size() != batch.schema().size()) {
          throw new IllegalStateException("object " + objects + " lacks fields");
        }
        objects++;
      }
    }
    if (objects != ROWS) {
      throw new IllegalStateException(ROWS + " rows, " + objects + " objects");
    }
  }

  private static final class Counter extends OutputStream implements ByteTarget {
    long bytes;

    @Override
    public void write(int value) {
      bytes++;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      bytes += length;
    }
  }
}
