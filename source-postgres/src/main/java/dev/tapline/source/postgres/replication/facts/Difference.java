package dev.tapline.source.postgres.replication.facts;

import dev.tapline.spi.catalog.StreamName;
import java.util.Set;
import org.slf4j.Logger;

/// Something that has changed since a position was taken.
///
/// @param notice what it is
/// @param sentence the message, without the stream's name: `partition public.p3 was attached ...`
/// @param consequence what follows; that of the notice unless the descriptor says otherwise
public record Difference(Notice notice, String sentence, Consequence consequence) {
  /// One with the usual consequence.
  static Difference of(Notice notice, String sentence) {
    return new Difference(notice, sentence, notice.consequence());
  }

  /// Tells it of a stream that goes on.
  ///
  /// @param told what was told already, to which this is added: nothing is told twice
  public void tell(Logger log, StreamName stream, Set<String> told) {
    if (!told.add(stream.qualified() + sentence)) {
      return;
    }
    if (notice == Notice.BORN) {
      log.info("stream {}: {}", stream, sentence);
    } else {
      log.warn("stream {}: {}", stream, sentence);
    }
  }
}
