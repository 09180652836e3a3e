package dev.tapline.sink.parquet;

import dev.tapline.files.DataFile;
import dev.tapline.files.PartFileNames;
import dev.tapline.files.Staging;
import dev.tapline.sink.parquet.encoding.FieldEncoder;
import dev.tapline.sink.parquet.encoding.FieldEncoders;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.format.RowWriter;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.sink.parquet.schema.UnsupportedTypeException;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes the rows of a stream to staged files, one per partition. Starts new files when the schema
/// changes, when changes follow snapshot rows, and when a file has reached its size.
final class ParquetSinkWriter implements SinkWriter {
  private static final int MAX_OPEN_FILES = 32;

  private final WriterContext context;
  private final OutputConfig config;
  private final FileFormat format;
  private final Staging staging;
  private final PartFileNames names;
  private final GrowingClock clock;
  private final NullCounts nulls;
  private final MemoryBudget.Share memory;
  private final MemoryBudget.Share uploads;
  private final Map<String, RowWriter> open = new LinkedHashMap<>();
  private @Nullable FileSchema fileSchema;
  private List<FieldEncoder> encoders = List.of();
  private Partitioner partitions = Partitioner.NONE;
  private boolean closed;

  ParquetSinkWriter(
      WriterContext context,
      OutputConfig config,
      FileFormat format,
      Staging staging,
      PartFileNames names,
      GrowingClock clock,
      NullCounts nulls,
      MemoryBudget.Share memory,
      MemoryBudget.Share uploads) {
    this.context = context;
    this.config = config;
    this.format = format;
    this.staging = staging;
    this.names = names;
    this.clock = clock;
    this.nulls = nulls;
    this.memory = memory;
    this.uploads = uploads;
    format.enter();
  }

  @Override
  public void write(Batch batch) throws IOException, InterruptedException {
    if (batch.rows() == 0) {
      return;
    }
    begin(batch);
    requireKeys(batch);
    int from = 0;
    while (from < batch.rows()) {
      String partition = partitions.of(batch, from);
      int to = partitions.endOfRun(batch, from, partition);
      RowWriter file = file(partition);
      file.write(batch, from, to);
      if (file.size() >= config.fileSize()) {
        finish(partition);
      }
      from = to;
    }
    if (memory.isSpent(bufferedBytes())) {
      for (RowWriter file : open.values()) {
        file.flush();
      }
      memory.isSpent(0);
    }
    // The memory of an upload is freed only when its file ends.
    if (uploads.isSpent(uploadBytes())) {
      finishAll();
    }
  }

  @Override
  public List<Commit> prepare() throws IOException, InterruptedException {
    finishAll();
    return staging.prepare();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    memory.close();
    uploads.close();
    format.leave();
    try (staging) {
      for (RowWriter file : open.values()) {
        file.close();
      }
    } finally {
      open.clear();
    }
  }

  // Checked here, since a commit that fails would be retried forever.
  private void requireKeys(Batch batch) throws IOException {
    if (!config.layout().compact() || context.mode() == WriteMode.REPLACE) {
      return;
    }
    if (!batch.schema().key().isEmpty()) {
      for (String column : batch.schema().key()) {
        requireValues(batch, column);
      }
      return;
    }
    for (int row = 0; !batch.onlyReads() && row < batch.rows(); row++) {
      if (batch.change(row) == Change.UPDATE || batch.change(row) == Change.DELETE) {
        throw new IOException(
            "stream %s: 'compact' merges updates and deletes by key, and it has none; give it a 'primary-key', or leave it to a pipeline without compact"
                .formatted(context.stream().name()));
      }
    }
  }

  /// NULL identifies no row.
  private void requireValues(Batch batch, String name) throws IOException {
    Column column = batch.column(batch.schema().indexOf(name));
    if (!column.hasNulls() && !column.hasUnchanged()) {
      return;
    }
    for (int row = 0; row < batch.rows(); row++) {
      if (batch.change(row) != Change.TRUNCATE && (column.isNull(row) || column.isUnchanged(row))) {
        throw new IOException(
            "stream %s: 'compact' merges rows by key, and column '%s' is part of the key and has no value in one; give it another 'primary-key', or leave it to a pipeline without compact"
                .formatted(context.stream().name(), name));
      }
    }
  }

  private void begin(Batch batch) throws IOException, InterruptedException {
    boolean changes = !batch.onlyReads();
    FileSchema before = fileSchema;
    if (before != null
        && before.tableSchema().equals(batch.schema())
        && before.changes() == changes) {
      return;
    }
    finishAll();
    String destination = context.stream().destination();
    Optional<String> problem = FileSchema.problem(destination, batch.schema(), config.types());
    if (problem.isPresent()) {
      throw new IOException("stream " + context.stream().name() + ": " + problem.get());
    }
    try {
      FileSchema next = FileSchema.of(destination, batch.schema(), changes, config.types());
      encoders =
          FieldEncoders.of(
              next,
              field ->
                  nulls.specialValues(
                      context.stream().name(), field.name(), config.types().special()));
      partitions = Partitioner.of(config.layout(), batch.schema(), context.stream(), clock);
      fileSchema = next;
    } catch (UnsupportedTypeException e) {
      throw new IOException("stream " + context.stream().name() + ": " + e.getMessage(), e);
    }
  }

  private RowWriter file(String partition) throws IOException, InterruptedException {
    RowWriter file = open.get(partition);
    FileSchema current = fileSchema;
    if (file != null || current == null) {
      return file == null ? schemaMissing() : file;
    }
    if (open.size() >= MAX_OPEN_FILES) {
      finish(open.keySet().iterator().next());
    }
    DataFile target = staging.begin(partition + names.next(context.part()));
    RowWriter begun = format.create(target, current, encoders);
    open.put(partition, begun);
    return begun;
  }

  private static RowWriter schemaMissing() {
    throw new IllegalStateException("rows before a schema");
  }

  private void finishAll() throws IOException, InterruptedException {
    for (String partition : List.copyOf(open.keySet())) {
      finish(partition);
    }
    memory.isSpent(0);
    uploads.isSpent(0);
  }

  private void finish(String partition) throws IOException, InterruptedException {
    RowWriter file = open.get(partition);
    if (file == null) {
      return;
    }
    file.finish();
    open.remove(partition);
  }

  private long uploadBytes() {
    long bytes = 0;
    for (RowWriter file : open.values()) {
      bytes += file.uploadBytes();
    }
    return bytes;
  }

  private long bufferedBytes() {
    long bytes = 0;
    for (RowWriter file : open.values()) {
      bytes += file.bufferedBytes();
    }
    return bytes;
  }
}
