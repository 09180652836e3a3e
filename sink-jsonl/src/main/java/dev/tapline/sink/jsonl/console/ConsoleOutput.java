package dev.tapline.sink.jsonl.console;

import dev.tapline.sink.jsonl.encoding.ByteTarget;
import dev.tapline.sink.jsonl.encoding.JsonBuffer;
import dev.tapline.sink.jsonl.encoding.JsonRowEncoder;
import dev.tapline.sink.jsonl.encoding.Metadata;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Standard output, shared by all writers. Lines of different writers are never mixed. Thread-safe.
public final class ConsoleOutput {
  private final OutputStream out;
  private final GrowingClock clock;
  private final ReentrantLock turn = new ReentrantLock();
  private final JsonBuffer buffer = new JsonBuffer(new StandardOutput());

  /// Writes lines to a buffer.
  public interface Lines {
    /// Writes them.
    void writeTo(JsonBuffer buffer) throws IOException;
  }

  /// @param out the stream to write to; it is not closed
  public ConsoleOutput(OutputStream out, GrowingClock clock) {
    this.out = out;
    this.clock = clock;
  }

  /// Writes lines without lines of other writers in between.
  ///
  /// @param messages text to write before the lines, asked for when it is this writer's turn; may
  ///   be empty
  public void write(Supplier<String> messages, Lines lines) throws IOException {
    turn.lock();
    try {
      print(messages.get());
      lines.writeTo(buffer);
      buffer.drain();
    } finally {
      // After a failure, half a line must not precede another writer's line.
      buffer.discard();
      turn.unlock();
    }
  }

  /// Flushes standard output.
  public void flush() throws IOException {
    turn.lock();
    try {
      out.flush();
    } catch (IOException e) {
      throw explain(e);
    } finally {
      turn.unlock();
    }
  }

  /// Reports the streams whose columns collide with metadata fields.
  public static List<Finding> checkNames(List<Stream> streams, Metadata metadata) {
    List<Finding> findings = new ArrayList<>();
    for (Stream stream : streams) {
      metadata
          .collision(stream.schema())
          .ifPresent(problem -> findings.add(Finding.error(stream.name(), problem, "")));
    }
    return findings;
  }

  /// Creates an encoder for the rows of a stream.
  ///
  /// @throws IOException if a column collides with a metadata field
  public JsonRowEncoder encoder(WriterContext context, Schema schema, RowFormat rows)
      throws IOException {
    String collision = rows.metadata().collision(schema).orElse("");
    if (!collision.isEmpty()) {
      throw new IOException("stream " + context.stream().name() + ": " + collision);
    }
    return new JsonRowEncoder(
        schema, rows, context.stream().destination(), context.version(), clock);
  }

  private void print(String line) throws IOException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    new StandardOutput().write(bytes, 0, bytes.length);
  }

  private static IOException explain(IOException cause) {
    return new IOException("cannot write to standard output: " + cause.getMessage(), cause);
  }

  private final class StandardOutput implements ByteTarget {
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        throw explain(e);
      }
    }
  }
}
