package dev.tapline.sink.jsonl.files;

import dev.tapline.files.Durable;
import dev.tapline.files.PartNames;
import dev.tapline.files.PreparedFile;
import dev.tapline.files.Workspace;
import dev.tapline.sink.jsonl.encode.ByteTarget;
import dev.tapline.sink.jsonl.encode.JsonBuffer;
import dev.tapline.sink.jsonl.encode.JsonRowEncoder;
import dev.tapline.sink.jsonl.encode.RowFormat;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes rows to files of temporary names and begins another one when a file is large enough.
final class RowFileWriter implements SinkWriter {
  private final WriterContext context;
  private final FileSettings settings;
  private final Workspace workspace;
  private final Path folder;
  private final PartNames names;
  private final JsonBuffer buffer = new JsonBuffer(new Files());
  private final List<Path> finished = new ArrayList<>();
  private JsonRowEncoder encoder;
  private @Nullable PartFile current;

  RowFileWriter(
      WriterContext context,
      FileSettings settings,
      Workspace workspace,
      Path folder,
      PartNames names)
      throws IOException {
    this.context = context;
    this.settings = settings;
    this.workspace = workspace;
    this.folder = folder;
    this.names = names;
    this.encoder = encoder(context.stream().schema());
  }

  @Override
  public void write(Batch batch) throws IOException {
    if (!batch.schema().equals(encoder.schema())) {
      encoder = encoder(batch.schema());
    }
    encoder.write(batch, buffer, Temporals.micros(Instant.now()));
  }

  @Override
  public List<Commit> prepare() throws IOException {
    buffer.drain();
    finishCurrent();
    if (finished.isEmpty()) {
      return List.of();
    }
    Durable.syncFolder(folder);
    List<Commit> commits = new ArrayList<>();
    for (Path file : finished) {
      commits.add(prepared(file).toCommit());
    }
    finished.clear();
    return commits;
  }

  @Override
  public void close() throws IOException {
    buffer.discard();
    PartFile open = current;
    current = null;
    if (open != null) {
      finished.add(open.file());
      open.close();
    }
    for (Path file : finished) {
      Durable.deleteFile(file);
    }
    finished.clear();
  }

  private JsonRowEncoder encoder(Schema schema) throws IOException {
    RowFormat rows = settings.rows();
    String collision = rows.metadata().collision(schema).orElse("");
    if (!collision.isEmpty()) {
      throw new IOException("stream " + context.stream().name() + ": " + collision);
    }
    return new JsonRowEncoder(schema, rows, context.stream().destination(), context.generation());
  }

  private PreparedFile prepared(Path file) {
    String name = String.valueOf(file.getFileName());
    return new PreparedFile(
        context.stream().destination(),
        context.generation(),
        context.mode(),
        workspace.relative(file),
        name.substring(0, name.length() - Workspace.TEMPORARY.length()));
  }

  private void finishCurrent() throws IOException {
    PartFile open = current;
    if (open != null) {
      open.finish();
      finished.add(open.file());
      current = null;
    }
  }

  /// Where the buffer's bytes go.
  private final class Files implements ByteTarget {
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      PartFile open = current;
      if (open == null) {
        Durable.createFolder(folder);
        Path file = folder.resolve(names.next(context.part()) + Workspace.TEMPORARY);
        open = new PartFile(file, settings.compression(), settings.level());
        current = open;
      }
      open.write(bytes, offset, length);
    }

    @Override
    public void rowBoundary() throws IOException {
      PartFile open = current;
      if (open != null && open.bytesOnDisk() >= settings.fileSize()) {
        finishCurrent();
      }
    }
  }
}
