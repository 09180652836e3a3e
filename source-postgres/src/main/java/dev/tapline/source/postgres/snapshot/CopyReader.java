package dev.tapline.source.postgres.snapshot;

import dev.tapline.source.postgres.codec.binary.CopyBinaryDecoder;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.source.postgres.sql.SqlFailures;
import dev.tapline.spi.Position;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StaleSplitException;
import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/// Reads the rows of one scan by binary COPY.
///
/// Applies the poll timeout to the first row, for which the server may need long (a view that
/// sorts, a lock). A batch that has been begun is filled, as nothing can be committed before the
/// end of the scan anyway.
public final class CopyReader implements BatchReader {
  private static final int ROWS = 4_096;
  private static final int BYTES = 2 << 20;
  private static final int MAX_CELLS = 1 << 17;
  private static final Position DONE = Position.of("scan", "done");

  private final Sessions sessions;
  private final RecoveryConflicts conflicts;
  private final Session session;
  private final String label;
  private final String statement;
  private final Positions positions;
  private final InvalidTextFinder strays;
  private final Batch batch;
  private final CopyBinaryDecoder decoder;
  private final int rowsAtMost;
  private final FutureTask<CopyOut> first;
  private byte @Nullable [] firstMessage;
  private @Nullable CopyOut copy;
  private boolean finished;
  private boolean released;
  private volatile boolean failed;
  private volatile boolean closed;

  /// Where a new read would go on.
  @FunctionalInterface
  public interface Positions {
    /// As [BatchReader#positions()].
    Map<StreamName, Position> positions(boolean finished);

    /// All rows have come; the session is still in the transaction that has read them.
    default void ended(Session session) throws SQLException {}
  }

  private CopyReader(
      Sessions sessions,
      RecoveryConflicts conflicts,
      Session session,
      String label,
      String statement,
      Batch batch,
      CopyBinaryDecoder decoder,
      Positions positions,
      InvalidTextFinder strays) {
    this.strays = strays;
    this.sessions = sessions;
    this.conflicts = conflicts;
    this.session = session;
    this.label = label;
    this.statement = statement;
    this.positions = positions;
    this.batch = batch;
    this.decoder = decoder;
    this.rowsAtMost = rowsAtMost(batch.columns().size());
    this.first = new FutureTask<>(this::begin);
  }

  /// Begins to read. The server works from then on, whether or not [#poll] is called.
  ///
  /// @param session in a transaction, ready for the statement; the reader's from now on
  /// @param label what messages call it
  /// @param statement the COPY
  /// @param strays finds the value that the server cannot convert, should there be one
  public static CopyReader begin(
      Sessions sessions,
      RecoveryConflicts conflicts,
      Session session,
      String label,
      String statement,
      Batch batch,
      CopyBinaryDecoder decoder,
      Positions positions,
      InvalidTextFinder strays) {
    CopyReader reader =
        new CopyReader(
            sessions, conflicts, session, label, statement, batch, decoder, positions, strays);
    Threads.virtual("first-row", reader.first::run).start();
    return reader;
  }

  /// How many rows a batch has at the most.
  public static int rowsAtMost(int columns) {
    // A table of 1600 columns must not take sixteen hundred times the memory of one.
    return Math.max(64, Math.min(ROWS, MAX_CELLS / Math.max(1, columns)));
  }

  /// Begins the scan. The server works from then on, whether or not [#poll] is called.
  ///
  /// @throws StaleSplitException if the snapshot is gone, or the table's rows of that moment are
  public static CopyReader open(Sessions sessions, RecoveryConflicts conflicts, Split split)
      throws IOException {
    TableScan scan = TableScan.of(split);
    Session session = sessions.borrow(scan.stream().database());
    try {
      join(session, scan);
    } catch (IOException e) {
      sessions.drop(session);
      throw e;
    }
    Batch batch = new Batch(scan.stream(), scan.schema(), rowsAtMost(scan.wires().size()));
    return begin(
        sessions,
        conflicts,
        session,
        scan.label(),
        scan.copy(),
        batch,
        new CopyBinaryDecoder(batch, scan.wires()),
        finished -> finished ? Map.of(scan.stream(), DONE) : Map.of(),
        scan.strays());
  }

  private static void join(Session session, TableScan scan) throws IOException {
    try {
      session.beginSnapshot();
      adopt(session, scan.snapshot(), scan.label());
      session.execute(scan.probe());
      if (!session.query(scan.unchanged(), row -> row.getBoolean(1)).getFirst()) {
        throw new StaleSplitException(
            scan.label()
                + (scan.members().size() > 1 ? ", or a table of it," : "")
                + " was truncated, rewritten or made anew since the run began",
            null);
      }
    } catch (SQLException e) {
      throw SqlFailures.of(e, scan.label(), grant(session, scan));
    }
  }

  private static String grant(Session session, TableScan scan) {
    return "GRANT SELECT ON %s TO %s;"
        .formatted(scan.origin().quoted(), Quote.name(session.user()));
  }

  /// Makes a transaction see what an exported snapshot sees.
  static void adopt(Session session, String exported, String label) throws IOException {
    String[] snapshot = exported.split(PostgresSnapshot.ON_SERVER, 2);
    // Another server may have a snapshot of the same name, which is of another moment.
    if (snapshot.length > 1 && !snapshot[1].equals(session.server())) {
      throw new StaleSplitException(
          "%s: the snapshot is on %s, and the connection now goes to %s"
              .formatted(label, snapshot[1], session.server()),
          null);
    }
    try {
      session.execute("SET TRANSACTION SNAPSHOT '" + snapshot[0] + "'");
    } catch (SQLException e) {
      IOException failure = SqlFailures.of(e, label);
      throw failure instanceof TransientException
          ? failure
          : new StaleSplitException(
              label
                  + ": the snapshot is gone, with the connection that held it ("
                  + SqlFailures.said(e)
                  + ")",
              e);
    }
  }

  private CopyOut begin() throws SQLException {
    CopyOut begun = session.copy().copyOut(statement);
    firstMessage = begun.readFromCopy();
    return begun;
  }

  @Override
  public Optional<Batch> poll(Duration timeout) throws IOException, InterruptedException {
    if (finished) {
      return Optional.empty();
    }
    batch.clear(Temporals.micros(Instant.now()));
    try {
      @Nullable CopyOut running = copy;
      if (running == null) {
        running = first.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        copy = running;
        fill(running, firstMessage);
        firstMessage = null;
      } else {
        fill(running, running.readFromCopy());
      }
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (SQLException e) {
      throw failure(e);
    }
    return batch.rows() == 0 ? Optional.empty() : Optional.of(batch);
  }

  private void fill(CopyOut running, byte @Nullable [] begin) throws SQLException, IOException {
    byte @Nullable [] message = begin;
    int bytes = 0;
    while (message != null) {
      decode(message);
      bytes += message.length;
      if (batch.rows() >= rowsAtMost || bytes >= BYTES) {
        return;
      }
      message = running.readFromCopy();
    }
    if (!decoder.ended()) {
      throw new TransientException(label + ": the server stopped in the middle", null);
    }
    release();
    finished = true;
  }

  private void decode(byte[] message) throws IOException {
    try {
      decoder.decode(message);
    } catch (IOException e) {
      throw new IOException(label + ": " + e.getMessage(), e);
    }
  }

  private void release() throws SQLException, IOException {
    positions.ended(session);
    session.rollback();
    released = true;
    sessions.giveBack(session);
  }

  private IOException failure(@Nullable Throwable cause) {
    if (closed) {
      return new IOException(label + ": the read was closed", cause);
    }
    failed = true;
    return switch (cause) {
      case SQLException e -> {
        conflicts.look(e);
        yield SqlFailures.cannotConvert(e)
            ? strays.explain(e, sessions, label)
            : SqlFailures.of(e, label);
      }
      case IOException e -> e;
      case Error e -> throw e;
      case null, default -> new IOException(label + ": " + cause, cause);
    };
  }

  @Override
  public boolean finished() {
    return finished;
  }

  @Override
  public Map<StreamName, Position> positions() {
    return positions.positions(finished);
  }

  /// Ends the scan, in the server too.
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (!released) {
      try {
        if (!failed) {
          session.abort();
        }
      } finally {
        sessions.drop(session);
      }
    }
  }
}
