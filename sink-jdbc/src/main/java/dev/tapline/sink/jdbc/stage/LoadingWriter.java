package dev.tapline.sink.jdbc.stage;

import dev.tapline.sink.jdbc.database.Database;
import dev.tapline.sink.jdbc.dialect.Failures;
import dev.tapline.sink.jdbc.dialect.RowLoader;
import dev.tapline.sink.jdbc.plan.TablePlan;
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
public final class LoadingWriter implements SinkWriter {
  private final Stage stage;
  private final StageSettings settings;
  private final Versions versions;
  private final WriterContext context;
  private final TablePlan plan;
  private final MetadataValues metadata;
  private final StagedWriter others;
  private Refusals refusals;
  private Sieve sieve;
  private @Nullable Connection connection;
  private @Nullable RowLoader loader;

  /// @param others writes the rows that do not fit into the version's table
  public LoadingWriter(
      Stage stage,
      StageSettings settings,
      Versions versions,
      WriterContext context,
      StagedWriter others) {
    this.stage = stage;
    this.settings = settings;
    this.versions = versions;
    this.context = context;
    this.others = others;
    this.plan = settings.planner().plan(context.stream().destination(), context.stream().schema());
    this.metadata = new MetadataValues(context.generation(), settings.clock());
    this.refusals = new Refusals(stage.dialect());
    this.sieve = new Sieve(settings, plan, refusals);
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
    List<Staged> staged = new ArrayList<>();
    staged.add(Staged.withoutRows(Staged.Kind.LOADED, plan, context));
    StagedWriter.refused(stage, context, refusals, staged);
    refusals = new Refusals(stage.dialect());
    sieve = new Sieve(settings, plan, refusals);
    staged.forEach(each -> commits.add(each.commit()));
    return commits;
  }

  private void commit(Connection own) throws SQLException {
    try {
      own.commit();
    } catch (SQLException e) {
      if (Failures.isAnswer(e)) {
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
