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

/// Loads the rows of a new version directly into its table, in one transaction until [#prepare()].
public final class DirectWriter implements SinkWriter {
  private final StagingArea stagingArea;
  private final StagingConfig config;
  private final VersionTables versionTables;
  private final WriterContext context;
  private final TablePlan plan;
  private final MetadataAppender metadata;
  private final StagingWriter others;
  private RejectedRows rejected;
  private RowValidator validator;
  private @Nullable Connection connection;
  private @Nullable RowLoader loader;

  /// @param others stages the rows that do not fit into the table
  public DirectWriter(
      StagingArea stagingArea,
      StagingConfig config,
      VersionTables versionTables,
      WriterContext context,
      StagingWriter others) {
    this.stagingArea = stagingArea;
    this.config = config;
    this.versionTables = versionTables;
    this.context = context;
    this.others = others;
    this.plan = config.planner().plan(context.stream().destination(), context.stream().schema());
    this.metadata = new MetadataAppender(context.version(), config.clock());
    this.rejected = new RejectedRows(stagingArea.dialect());
    this.validator = new RowValidator(config, plan, rejected);
  }

  @Override
  public void write(Batch batch) throws IOException {
    if (!batch.schema().equals(context.stream().schema())
        || !versionTables.fits(plan, context.version())) {
      others.write(batch);
      return;
    }
    List<Column> columns = columns(batch);
    BitSet skip = new BitSet();
    List<Column> valid = validator.validate(columns, batch.rows(), skip, new BitSet());
    try {
      loader().load(valid, batch.rows(), skip);
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
    String table = versionTables.open(plan, context.version());
    Database database = stagingArea.database();
    Connection own = database.begin();
    connection = own;
    RowLoader made = database.dialect().loader(own, database.schema(), table, plan.tableColumns());
    loader = made;
    return made;
  }

  private IOException problem(SQLException error) {
    return stagingArea.database().problem("loading '" + plan.destination() + "'", error);
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
      versionTables.prepared(plan.destination(), context.version(), context.part());
      if (own != null) {
        commit(own);
      }
    } catch (SQLException e) {
      throw problem(e);
    }
    validator.report();
    List<StagedRows> staged = new ArrayList<>();
    staged.add(StagedRows.withoutRows(StagedRows.Kind.LOADED, plan, context));
    StagingWriter.stageRejected(stagingArea, context, rejected, staged);
    rejected = new RejectedRows(stagingArea.dialect());
    validator = new RowValidator(config, plan, rejected);
    staged.forEach(each -> commits.add(each.commit()));
    return commits;
  }

  private void commit(Connection own) throws SQLException {
    try {
      own.commit();
    } catch (SQLException e) {
      if (SqlStates.isNotCommitted(e)) {
        versionTables.notPrepared(plan.destination(), context.version(), context.part());
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
