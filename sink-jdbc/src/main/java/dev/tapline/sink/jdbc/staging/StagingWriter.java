package dev.tapline.sink.jdbc.staging;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.sink.jdbc.table.DeleteMode;
import dev.tapline.sink.jdbc.table.PlannedColumn;
import dev.tapline.sink.jdbc.table.TablePlan;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Buffers rows in chunks and loads each into a staging table. While one is loaded, the next is
/// buffered.
public final class StagingWriter implements SinkWriter {
  private static final Logger LOG = LoggerFactory.getLogger("jdbc");
  private static final int MOST_ROWS = 50_000;
  private static final long MOST_BYTES = 16L << 20;
  private static final int ROWS_BETWEEN_COUNTS = 64;

  private final StagingArea stagingArea;
  private final StagingConfig config;
  private final MemoryBudget budget;
  private final WriterContext context;
  private final MetadataAppender metadata;
  private final List<StagedRows> staged = new ArrayList<>();
  private RejectedRows rejected;
  private Schema schema;
  private TablePlan plan;
  private Chunk chunk;
  private RowValidator validator;
  private long counted;
  private Optional<StagingArea.PendingTask> pending = Optional.empty();

  /// @param budget the memory of all writers together
  public StagingWriter(
      StagingArea stagingArea, StagingConfig config, MemoryBudget budget, WriterContext context) {
    this.stagingArea = stagingArea;
    this.config = config;
    this.budget = budget;
    this.context = context;
    this.metadata = new MetadataAppender(context.version(), config.clock());
    this.rejected = new RejectedRows(stagingArea.dialect());
    this.schema = context.stream().schema();
    this.plan = config.planner().plan(context.stream().destination(), schema);
    this.validator = new RowValidator(config, plan, rejected);
    this.chunk = newChunk();
  }

  private Chunk newChunk() {
    return new Chunk(plan, config.planner().metadata().deletes() == DeleteMode.SOFT, metadata);
  }

  @Override
  public void write(Batch batch) throws IOException {
    if (!batch.schema().equals(schema)) {
      flush();
      awaitPending();
      validator.report();
      schema = batch.schema();
      plan = config.planner().plan(context.stream().destination(), schema);
      validator = new RowValidator(config, plan, rejected);
      chunk = newChunk();
    }
    for (int row = 0; row < batch.rows(); row++) {
      if (chunk.mustEndBefore(batch.change(row)) || (isFull() && !chunk.continues(batch, row))) {
        flush();
      }
      chunk.add(batch, row);
    }
    count();
  }

  private boolean isFull() {
    if (chunk.rows() >= MOST_ROWS) {
      return true;
    }
    if (chunk.rows() % ROWS_BETWEEN_COUNTS != 0 || chunk.rows() == 0) {
      return false;
    }
    count();
    return counted > MOST_BYTES || (budget.isSpent() && counted > 0);
  }

  private void count() {
    long bytes = chunk.bytes();
    budget.change(bytes - counted);
    counted = bytes;
  }

  /// Loads the chunk in another thread, after the one before is loaded.
  private void flush() throws IOException {
    awaitPending();
    if (!chunk.isEmpty()) {
      Chunk full = chunk;
      TablePlan chunkPlan = plan;
      RowValidator chunkValidator = validator;
      long bytes = counted;
      pending =
          Optional.of(
              stagingArea.submit(() -> {
                try {
                  stage(chunkPlan, full, chunkValidator);
                } finally {
                  budget.change(-bytes);
                }
              }));
    } else {
      budget.change(-counted);
    }
    counted = 0;
    chunk = newChunk();
  }

  /// Waits for the chunk that is being loaded.
  private void awaitPending() throws IOException {
    Optional<StagingArea.PendingTask> last = pending;
    pending = Optional.empty();
    if (last.isPresent()) {
      last.get().await();
    }
  }

  private void stage(TablePlan chunkPlan, Chunk full, RowValidator chunkValidator)
      throws IOException {
    StagingTable table =
        new StagingTable(chunkPlan, full, config.rejectedRows() == RejectedRowPolicy.TABLE);
    BitSet skip = (BitSet) full.dead().clone();
    BitSet onlyKeys = (BitSet) full.deletes().clone();
    if (full.beginsWithTruncate()) {
      skip.set(0); // it has no key, and is nobody's row
      table.validate(chunkValidator, skip, onlyKeys);
      skip.clear(0);
    } else {
      table.validate(chunkValidator, skip, onlyKeys);
    }
    String name = "";
    if (skip.nextClearBit(0) < full.rows()) {
      name =
          stagingArea.stage(
              chunkPlan.destination(),
              table.planned(stagingArea.dialect()),
              table.columns(),
              full.rows(),
              skip,
              config.rejectedRows() == RejectedRowPolicy.TABLE,
              (row, reason) -> chunkValidator.reject(full.columns(), row, reason));
    }
    if (!name.isEmpty() || full.isTruncated()) {
      staged.add(
          new StagedRows(
              StagedRows.Kind.STAGED,
              chunkPlan.destination(),
              context.mode(),
              context.version(),
              table.layout(skip),
              name,
              full.isTruncated(),
              table.hasOperations(),
              config.rejectedRows() == RejectedRowPolicy.TABLE,
              table.fill()));
    }
  }

  /// Does the same as [#prepare()], but commits nothing if there are no rows.
  List<Commit> prepareRows() throws IOException {
    flush();
    awaitPending();
    return staged.isEmpty() && rejected.rows() == 0 ? List.of() : prepare();
  }

  @Override
  public List<Commit> prepare() throws IOException {
    flush();
    awaitPending();
    validator.report();
    if (staged.isEmpty() && context.mode() == WriteMode.REPLACE) {
      // An empty version is a version, too.
      staged.add(StagedRows.withoutRows(StagedRows.Kind.STAGED, plan, context));
    }
    stageRejected(stagingArea, context, rejected, staged);
    rejected = new RejectedRows(stagingArea.dialect());
    validator = new RowValidator(config, plan, rejected);
    List<Commit> commits = staged.stream().map(StagedRows::commit).toList();
    staged.clear();
    return commits;
  }

  /// Stages rejected rows.
  static void stageRejected(
      StagingArea stagingArea,
      WriterContext context,
      RejectedRows rejected,
      List<StagedRows> staged)
      throws IOException {
    if (rejected.rows() == 0) {
      return;
    }
    Dialect dialect = stagingArea.dialect();
    List<TableColumn> planned = rejected.planned().stream().map(PlannedColumn::staged).toList();
    String name =
        stagingArea.stage(
            context.stream().destination(),
            planned,
            rejected.columns(),
            rejected.rows(),
            new BitSet(),
            false,
            (row, reason) -> {
              throw new IOException(dialect.name() + ": " + reason);
            });
    staged.add(
        new StagedRows(
            StagedRows.Kind.REFUSED,
            context.stream().destination(),
            WriteMode.APPEND,
            context.version(),
            rejected.layout(),
            name,
            false,
            false,
            false,
            List.of()));
  }

  @Override
  public void close() throws IOException {
    budget.change(-counted);
    counted = 0;
    chunk = newChunk();
    try {
      awaitPending();
    } catch (IOException e) {
      // They will not be committed, and whoever closes before prepare() has another problem to
      // report.
      LOG.debug("giving up rows of {}: {}", plan.destination(), e.toString());
    }
    List<String> tables =
        staged.stream().map(StagedRows::table).filter(name -> !name.isEmpty()).toList();
    staged.clear();
    stagingArea.drop(tables);
  }
}
