package dev.tapline.source.postgres.replication.stream;

import dev.tapline.source.postgres.replication.position.LogSplit;
import dev.tapline.source.postgres.replication.routing.UnknownBinaryFormatException;
import dev.tapline.source.postgres.sql.SqlFailures;
import dev.tapline.spi.TransientException;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Tells failures of a log that are due to the requested form from all others.
final class FormatFailures {
  private static final String NO_SUCH_FUNCTION = "42883";
  private static final String NO_SUCH_OBJECT = "42704";

  private final LogSplit split;
  private final FormatFallback fallback;
  private final boolean convertible;

  /// @param convertible whether texts can be read as they are stored
  FormatFailures(LogSplit split, FormatFallback fallback, boolean convertible) {
    this.split = split;
    this.fallback = fallback;
    this.convertible = convertible;
  }

  /// @return the failure itself, or a [TransientException] once the fallback is set
  IOException explain(IOException failure) {
    @Nullable String state =
        failure.getCause() instanceof SQLException cause ? cause.getSQLState() : null;
    // The server too may find that it has no binary form of a type: of an array of a type without
    // one.
    if (failure instanceof UnknownBinaryFormatException
        || (split.binary() && NO_SUCH_FUNCTION.equals(state))) {
      fallback.asText();
      return again(failure, "the values are asked for as text");
    }
    // PostgreSQL 14 to 18 cannot decode a table within an open transaction that has truncated it,
    // gone back to a savepoint, and truncated it again: "could not map filenode".
    if (split.streaming() && SqlFailures.INTERNAL_ERROR.equals(state)) {
      fallback.ofCommitted();
      return again(failure, "transactions are asked for once they are committed");
    }
    if (failure.getCause() instanceof SQLException cause && SqlFailures.cannotConvert(cause)) {
      String place = " (" + SqlFailures.where(cause) + ")";
      if (convertible && !fallback.isAsStored()) {
        fallback.asStored();
        return again(
            new IOException(failure.getMessage() + place, cause),
            "texts are asked for as they are stored, so that only the stream concerned fails");
      }
      return new IOException(
          failure.getMessage()
              + place
              + ": the server cannot convert a text of that change; correct it in its table, then drop the slot (runtime slots drop), reset the streams (runtime reset --all), and run again",
          cause);
    }
    // Before PostgreSQL 18 it looks for the publication as it was when the change was made.
    if (split.plugin().equals("pgoutput") && NO_SUCH_OBJECT.equals(state)) {
      return new IOException(
          failure.getMessage()
              + " where the log is read: it was made, or made anew, later; drop the slot (runtime slots drop), reset the streams (runtime reset --all), and run again",
          failure);
    }
    return failure;
  }

  private static IOException again(IOException failure, String remedy) {
    return new TransientException(failure.getMessage() + "; " + remedy, failure);
  }
}
