package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.position.LogPosition;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.source.postgres.replication.slot.ReplicationProtocol;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares the server with the one on which a position was taken.
public final class ServerComparison {
  private static final String ANEW =
      "'runtime reset --all' and the next run copy all anew from the server as it is now";

  private static final Logger LOG = LoggerFactory.getLogger("plan");
  private static final int WITH_LOGS_ON_STANDBYS = 160_000;

  private ServerComparison() {}

  /// Sees to it that positions mean something on the server.
  ///
  /// @param positions where streams were left
  /// @return the server
  /// @throws IOException if they do not, with the reason and the remedy
  public static ServerIdentity require(
      Sessions sessions, String database, Map<StreamName, LogPosition> positions)
      throws IOException {
    return ReplicationProtocol.with(
        sessions,
        database,
        session -> {
          ServerIdentity server = ServerIdentity.read(session);
          require(session, server, positions);
          return server;
        });
  }

  /// Sees to it that positions mean something on the server of a session.
  ///
  /// @param session of the replication protocol
  /// @throws IOException if they do not, with the reason and the remedy
  public static void require(
      Session session, ServerIdentity server, Map<StreamName, LogPosition> positions)
      throws SQLException, IOException {
    Set<String> told = new HashSet<>();
    for (Map.Entry<StreamName, LogPosition> entry : positions.entrySet()) {
      Optional<Difference> difference =
          of(
              "stream " + entry.getKey(),
              entry.getValue().facts(),
              entry.getValue().reached(),
              server,
              session);
      if (difference.isEmpty()) {
        continue;
      }
      if (difference.get().notice() == Notice.WENT_BACK && isBehind(session)) {
        throw new TransientException(
            "stream %s was left at %s, which the standby has not replayed yet"
                .formatted(entry.getKey(), Lsn.text(entry.getValue().reached())),
            null);
      }
      if (difference.get().consequence() != Consequence.GOES_ON) {
        throw new IOException(difference.get().sentence());
      }
      if (told.add(difference.get().sentence())) {
        LOG.info("{}", difference.get().sentence());
      }
    }
  }

  // One that was started again takes connections before it has caught up.
  private static boolean isBehind(Session session) throws SQLException {
    return session.version() >= WITH_LOGS_ON_STANDBYS && session.isOnStandby();
  }

  /// What is not as it was.
  ///
  /// @param subject whose position it is, as in `stream public.orders`
  /// @param facts what the position rests on, as [StreamFacts#text()] has it; empty where that is
  ///   not known
  /// @param reached up to where the log was seen
  /// @param now the server
  /// @param replication a session of the replication protocol
  private static Optional<Difference> of(
      String subject, String facts, long reached, ServerIdentity now, Session replication)
      throws SQLException {
    if (!facts.isEmpty()) {
      StreamFacts before = StreamFacts.of(facts);
      if (!before.systemId().equals(now.systemId())) {
        return Optional.of(
            Difference.of(
                Notice.OTHER_SERVER,
                "%s was left on a server whose system identifier is %s, and this one's is %s: it was set up anew, or upgraded by pg_upgrade, or is another server; connect to the one of before, or %s"
                    .formatted(subject, before.systemId(), now.systemId(), ANEW)));
      }
      if (before.timeline() != now.timeline()) {
        return timeline(subject, before.timeline(), reached, now, replication);
      }
    }
    return Lsn.isBefore(now.end(), reached)
        ? Optional.of(
            Difference.of(
                Notice.WENT_BACK,
                "%s was left at %s, and the server's log ends at %s: the server went back (it was restored from an earlier copy, or lost what it had not flushed), so that rows that were copied may be gone from it; %s"
                    .formatted(subject, Lsn.text(reached), Lsn.text(now.end()), ANEW)))
        : Optional.empty();
  }

  private static Optional<Difference> timeline(
      String subject, int before, long reached, ServerIdentity now, Session replication)
      throws SQLException {
    OptionalLong left = now.left(replication, before);
    if (left.isEmpty() || Lsn.isBefore(left.getAsLong(), reached)) {
      String where =
          left.isPresent()
              ? "left that at " + Lsn.text(left.getAsLong())
              : "does not come from that one";
      return Optional.of(
          Difference.of(
              Notice.OTHER_TIMELINE,
              "%s was left at %s of timeline %d, and the server is on timeline %d, which %s: a standby that lacked commits was promoted, or the server was restored to an earlier moment, so that rows that were copied may be gone from it; %s"
                  .formatted(subject, Lsn.text(reached), before, now.timeline(), where, ANEW)));
    }
    return Optional.of(
        Difference.of(
            Notice.LATER_TIMELINE,
            "the server is on timeline %d now, which left timeline %d at %s, behind all that was read"
                .formatted(now.timeline(), before, Lsn.text(left.getAsLong()))));
  }
}
