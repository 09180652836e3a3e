package dev.tapline.source.postgres.snapshot;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.sql.SqlFailures;
import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A session that sees what a snapshot sees, for short queries on many tables: beginning a
/// transaction for each would take most of the time. For use by one thread at a time.
public final class SnapshotSession implements Closeable {
  /// How many looks share a transaction: it keeps the locks of everything that it has looked at,
  /// and a server has room for some thousands.
  public static final int LOOKS_IN_A_TRANSACTION = 100;

  private final Sessions sessions;
  private final String database;
  private final String snapshot;
  private @Nullable Session session;
  private int looks;

  /// What is looked for.
  ///
  /// @param <T> class of what is found
  @FunctionalInterface
  public interface Look<T> {
    T in(Session session) throws SQLException, IOException;
  }

  /// @param snapshot as [CopyReader#adopt] takes it
  SnapshotSession(Sessions sessions, String database, String snapshot) {
    this.sessions = sessions;
    this.database = database;
    this.snapshot = snapshot;
  }

  /// Looks.
  ///
  /// @param label what messages call it
  /// @throws dev.tapline.spi.source.StaleSplitException if the snapshot is gone
  public <T> T look(String label, Look<T> look) throws IOException {
    Session current = session == null ? sessions.borrow(database) : session;
    session = null;
    boolean sound = false;
    try {
      if (looks % LOOKS_IN_A_TRANSACTION == 0) {
        if (looks > 0) {
          current.rollback();
        }
        current.beginSnapshot();
        CopyReader.adopt(current, snapshot, label);
      }
      T found = look.in(current);
      looks++;
      sound = true;
      return found;
    } catch (SQLException e) {
      throw SqlFailures.of(e, label);
    } finally {
      if (sound) {
        session = current;
      } else {
        looks = 0;
        sessions.drop(current);
      }
    }
  }

  @Override
  public void close() throws IOException {
    Session last = session;
    session = null;
    looks = 0;
    if (last != null) {
      // It may have been lost since, and holds nothing that would have to be given back.
      sessions.drop(last);
    }
  }
}
