package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.replication.position.Lsn;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/// Which server a log belongs to, as the replication command `IDENTIFY_SYSTEM` reports it (manual,
/// "Streaming Replication Protocol").
///
/// @param systemId the number that initdb gave it
/// @param timeline the timeline that it is on
/// @param end the end of its log as far as it is flushed
public record ServerIdentity(String systemId, int timeline, long end) {
  private static final int HISTORY = 2;

  /// Where it does not matter which server it is.
  public static final ServerIdentity ANY = new ServerIdentity("0", 1, 0);

  /// The facts of a position, as [StreamFacts#text()] has them, when it is one of this server and
  /// its timeline from now on; nothing where nothing is known.
  public String in(String facts) {
    return facts.isEmpty() ? facts : StreamFacts.of(facts).on(systemId, timeline).text();
  }

  /// Asks in a session of the replication protocol.
  public static ServerIdentity read(Session session) throws SQLException {
    return session
        .query(
            "IDENTIFY_SYSTEM",
            row -> new ServerIdentity(row.getString(1), row.getInt(2), Lsn.parse(row.getString(3))))
        .getFirst();
  }

  /// Where the server's timeline left an earlier one, by its history file (manual, "Timelines").
  ///
  /// @param session of the replication protocol
  /// @param earlier the number of the earlier timeline
  /// @return nothing if the earlier timeline is no ancestor of the server's
  public OptionalLong left(Session session, int earlier) throws SQLException {
    if (timeline == 1) {
      return OptionalLong.empty();
    }
    List<byte[]> files =
        session.query("TIMELINE_HISTORY " + timeline, row -> row.getBytes(HISTORY));
    for (String line : new String(files.getFirst(), StandardCharsets.UTF_8).lines().toList()) {
      String[] words = line.strip().split("\\s+", 3);
      if (words.length > 1 && words[0].equals(String.valueOf(earlier))) {
        return OptionalLong.of(Lsn.parse(words[1]));
      }
    }
    return OptionalLong.empty();
  }
}
