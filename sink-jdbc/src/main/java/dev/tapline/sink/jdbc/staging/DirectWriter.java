package dev.tapline.sink.jdbc.staging;

import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.RowLoader;
import dev.tapline.sink.jdbc.dialect.api.SqlStates;
import dev.tapline.sink.jdbc.table.TablePlan;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Loads the rows of a new version straight into its table, in one transaction up to each
/// [#prepare()].
public final class DirectWriter implements SinkWriter {
  private final StagingArea stage;
  private final StagingConfig settings;
  private final DirectVersions versions;
  private final WriterContext context;
  private final TablePlan plan;
  private final MetadataAppender metadata;
  private final StagingWriter others;
  private RejectedRows refusals;
  private RowValidator sieve;
  private @Nullable Connection connection;
  private @Nullable RowLoader loader;

  /// @param others writes the rows that do not fit into the version's table
  public DirectWriter(
      StagingArea stage,
      StagingConfig settings,
      DirectVersions versions,
      WriterContext context,
      StagingWriter others) {
    this.stage = stage;
    this.settings = settings;
    this.versions = versions;
    this.context = context;
    this.others = others;
    this.plan = settings.planner().plan(context.stream().destination(), context.stream().schema());
    this.metadata = new MetadataAppender(context.generation(), settings.clock());
    this.refusals = new RejectedRows(stage.dialect());
    this.sieve = new RowValidator(settings, plan, refusals);
  }

  @Override
  public void write(Batch batch) throws IOException {
    if (!batch.schema().equals(context.stream().schema())
        || !versions.fits(plan, context.generation())) {
      others.write(batch);
      return;
    }
    List<Column> columns = columns(batch);
    BitSet skip = new BitSet();
    List<Column> sifted = sieve.sift(columns, batch.rows(), skip, new BitSet());
    try {
      loader().load(sifted, batch.rows(), skip);
    } catch (SQLException e) {
      throw problem(e);
    }
  }

  private List<Column> columns(Batch batch) {
    if (plan.fields() == plan.columns().size()) {
      return batch.columns();
    }
    List<Column> columns = new ArrayList<>(batch.columns());
    for (int i = plan.fields(); i < plan.columns().size(); i++) {
      Column column = Column.of(plan.columns().get(i).valueType(), batch.rows());
      for (int row = 0; row < batch.rows(); row++) {
        metadata.append(plan.columns().get(i), batch, row, column);
      }
      columns.add(column);
    }
    return columns;
  }

  private RowLoader loader() throws IOException, SQLException {
    RowLoader known = loader;
    if (known != null) {
      return known;
    }
    String table = versions.open(plan, context.generation());
    Database database = stage.database();
    Connection own = database.begin();
    connection = own;
    RowLoader made = database.dialect().loader(own, database.schema(), table, plan.tableColumns());
    loader = made;
    return made;
  }

  private IOException problem(SQLException error) {
    return stage.database().problem("loading '" + plan.destination() + "'", error);
  }

  @Override
  public List<Commit> prepare() throws IOException {
    List<Commit> commits = new ArrayList<>(others.prepareRows());
    RowLoader open = loader;
    Connection own = connection;
    try {
      if (open != null) {
        open.finish();
        open.close();
      }
      versions.prepared(plan.destination(), context.generation(), context.part());
      if (own != null) {
        commit(own);
      }
    } catch (SQLException e) {
      throw problem(e);
    }
    sieve.report();
    List<StagedRows> staged = new ArrayList<>();
    staged.add(StagedRows.withoutRows(StagedRows.Kind.LOADED, plan, context));
    StagingWriter.refused(stage, context, refusals, staged);
    refusals = new RejectedRows(stage.dialect());
    sieve = new RowValidator(settings, plan, refusals);
    staged.forEach(each -> commits.add(each.commit()));
    return commits;
  }

  private void commit(Connection own) throws SQLException {
    try {
      own.commit();
    } catch (SQLException e) {
      if (SqlStates.isAnswer(e)) {
        versions.refused(plan.destination(), context.generation(), context.part());
      }
      throw e;
    }
    loader = null;
    connection = null;
    own.close();
  }

  @Override
  public void close() throws IOException {
    others.close();
    RowLoader open = loader;
    Connection own = connection;
    loader = null;
    connection = null;
    if (own == null) {
      return;
    }
    try (own) {
      if (open != null) {
        open.close();
      }
      own.rollback();
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger("jdbc")
          .debug("giving up rows of {}: {}", plan.destination(), e.toString());
    }
  }
}
