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

/// Gathers rows in memory and stages them, a table for each chunk. While one is being staged, the
/// next is gathered.
public final class StagingWriter implements SinkWriter {
  private static final Logger LOG = LoggerFactory.getLogger("jdbc");
  private static final int MOST_ROWS = 50_000;
  private static final long MOST_BYTES = 16L << 20;
  private static final int ROWS_BETWEEN_LOOKS = 64;

  private final StagingArea stagingArea;
  private final StagingConfig settings;
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
  private Optional<StagingArea.Later> underway = Optional.empty();

  /// @param budget what all writers may hold
  public StagingWriter(
      StagingArea stagingArea, StagingConfig settings, MemoryBudget budget, WriterContext context) {
    this.stagingArea = stagingArea;
    this.settings = settings;
    this.budget = budget;
    this.context = context;
    this.metadata = new MetadataAppender(context.generation(), settings.clock());
    this.rejected = new RejectedRows(stagingArea.dialect());
    this.schema = context.stream().schema();
    this.plan = settings.planner().plan(context.stream().destination(), schema);
    this.validator = new RowValidator(settings, plan, rejected);
    this.chunk = newChunk();
  }

  private Chunk newChunk() {
    return new Chunk(plan, settings.planner().metadata().deletes() == DeleteMode.SOFT, metadata);
  }

  @Override
  public void write(Batch batch) throws IOException {
    if (!batch.schema().equals(schema)) {
      flush();
      settle();
      validator.report();
      schema = batch.schema();
      plan = settings.planner().plan(context.stream().destination(), schema);
      validator = new RowValidator(settings, plan, rejected);
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
    if (chunk.rows() % ROWS_BETWEEN_LOOKS != 0 || chunk.rows() == 0) {
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

  /// Has the rows staged while others are gathered; those before them are staged by then.
  private void flush() throws IOException {
    settle();
    if (!chunk.isEmpty()) {
      Chunk full = chunk;
      TablePlan its = plan;
      RowValidator itsValidator = validator;
      long bytes = counted;
      underway =
          Optional.of(
              stagingArea.later(() -> {
                try {
                  stage(its, full, itsValidator);
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

  /// Waits for the rows that are being staged.
  private void settle() throws IOException {
    Optional<StagingArea.Later> last = underway;
    underway = Optional.empty();
    if (last.isPresent()) {
      last.get().await();
    }
  }

  private void stage(TablePlan its, Chunk full, RowValidator itsValidator) throws IOException {
    StagingTable table = new StagingTable(its, full, settings.refuse() == RejectedRowPolicy.TABLE);
    BitSet skip = (BitSet) full.dead().clone();
    BitSet onlyKeys = (BitSet) full.deletes().clone();
    if (full.beginsWithMark()) {
      skip.set(0); // it has no key, and is nobody's row
      table.validate(itsValidator, skip, onlyKeys);
      skip.clear(0);
    } else {
      table.validate(itsValidator, skip, onlyKeys);
    }
    String name = "";
    if (skip.nextClearBit(0) < full.rows()) {
      name =
          stagingArea.put(
              its.destination(),
              table.planned(stagingArea.dialect()),
              table.columns(),
              full.rows(),
              skip,
              settings.refuse() == RejectedRowPolicy.TABLE,
              (row, reason) -> itsValidator.reject(full.columns(), row, reason));
    }
    if (!name.isEmpty() || full.isTruncated()) {
      staged.add(
          new StagedRows(
              StagedRows.Kind.STAGED,
              its.destination(),
              context.mode(),
              context.generation(),
              table.layout(skip),
              name,
              full.isTruncated(),
              table.hasOperations(),
              settings.refuse() == RejectedRowPolicy.TABLE,
              table.fill()));
    }
  }

  /// As [#prepare()], and nothing when there is no row.
  List<Commit> prepareRows() throws IOException {
    flush();
    settle();
    return staged.isEmpty() && rejected.rows() == 0 ? List.of() : prepare();
  }

  @Override
  public List<Commit> prepare() throws IOException {
    flush();
    settle();
    validator.report();
    if (staged.isEmpty() && context.mode() == WriteMode.REPLACE) {
      // A version without a row is a version, too.
      staged.add(StagedRows.withoutRows(StagedRows.Kind.STAGED, plan, context));
    }
    refused(stagingArea, context, rejected, staged);
    rejected = new RejectedRows(stagingArea.dialect());
    validator = new RowValidator(settings, plan, rejected);
    List<Commit> commits = staged.stream().map(StagedRows::commit).toList();
    staged.clear();
    return commits;
  }

  /// Stages the rows that were refused.
  static void refused(
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
        stagingArea.put(
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
            context.generation(),
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
      settle();
    } catch (IOException e) {
      // Nobody will commit them, and whoever closes before preparing has a reason of their own.
      LOG.debug("giving up rows of {}: {}", plan.destination(), e.toString());
    }
    List<String> tables =
        staged.stream().map(StagedRows::table).filter(name -> !name.isEmpty()).toList();
    staged.clear();
    stagingArea.drop(tables);
  }
}
