package dev.tapline.source.postgres.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.SharedServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which rows are taken for known, by the numbers of their transactions, as the server works it
/// out.
class SeenTransactionsTest {
  private static final long ROUND = 1L << 32;

  private static boolean covers(SeenTransactions seen, long next, long row) {
    return "t"
        .equals(
            SharedServer.get()
                .value(
                    "SELECT %s FROM (SELECT '%d'::xid AS xmin) AS keyed"
                        .formatted(seen.covers(next), row & (ROUND - 1))));
  }

  @ParameterizedTest
  @CsvSource({
    // oldest, next, transaction of the row, known
    "1000, 1010, 999, true",
    "1000, 1010, 1000, false",
    "1000, 1010, 1003, true",
    "1000, 1010, 1004, false",
    "1000, 5000, 4999, false",
    "1000, 5000, 3, true",
    // Before 9.4 a frozen row has no number.
    "1000, 5000, 2, false",
    // In the second round of the numbers.
    "4294968296, 4294968306, 4294968295, true",
    "4294968296, 4294968306, 4294968296, false",
    "4294968296, 4294968306, 4294968299, true",
    "4294968296, 4294968306, 4294967200, true",
    "4294968296, 4294968306, 3000000000, true",
    // The rounds change between the oldest one and the next one.
    "4294967290, 4294967400, 4294967289, true",
    "4294967290, 4294967400, 4294967295, false",
    "4294967290, 4294967400, 4294967300, false"
  })
  void knowsTheRowsOfTransactionsThatHadEnded(long oldest, long next, long row, boolean known) {
    SeenTransactions seen = new SeenTransactions(oldest, List.of((oldest & (ROUND - 1)) + 3));
    assertThat(covers(seen, next, row)).isEqualTo(known);
    assertThat(covers(SeenTransactions.of(seen.toString()), next, row)).isEqualTo(known);
  }

  @Test
  void holdsForTwoThousandMillionTransactions() {
    SeenTransactions seen = new SeenTransactions(1_000, List.of());
    assertThat(seen.holds(2_000_000_000)).isTrue();
    assertThat(seen.isYoung(2_000_000_000)).isFalse();
    assertThat(seen.holds(1_000 + (1L << 31))).isFalse();
    assertThat(SeenTransactions.of(seen.toString())).isEqualTo(seen);
  }
}
