package dev.tapline.spi.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class GrowingClockTest {
  private Instant machine = Instant.EPOCH.plusMillis(5);
  private final GrowingClock clock = new GrowingClock(() -> machine, 0);

  @Test
  void tellsTheMachinesTimeWhileThatGrows() {
    assertThat(clock.next()).isEqualTo(5_000);
    machine = machine.plusMillis(2);
    assertThat(clock.next()).isEqualTo(7_000);
    assertThat(clock.last()).isEqualTo(7_000);
  }

  @Test
  void goesOnWhileTheMachinesClockStandsOrIsSetBack() {
    assertThat(clock.next()).isEqualTo(5_000);
    assertThat(clock.next()).isEqualTo(5_001);
    machine = Instant.EPOCH.minusSeconds(3_600);
    assertThat(clock.next()).isEqualTo(5_002);
    assertThat(clock.next(10)).isEqualTo(5_003);
    assertThat(clock.next()).isEqualTo(5_013);
  }

  @Test
  void goesOnFromWhatEarlierRunsWereGiven() {
    assertThat(new GrowingClock(() -> machine, 9_000).next()).isEqualTo(9_001);
    assertThat(new GrowingClock(() -> machine, 5_000).next()).isEqualTo(5_001);
  }

  @Test
  void givesNoTimeTwiceToThreadsThatAskAtOnce() throws Exception {
    Callable<List<Long>> asking =
        () -> {
          List<Long> given = new ArrayList<>();
          for (int i = 1; i <= 1_000; i++) {
            long first = clock.next(i % 7 + 1);
            LongStream.range(first, first + i % 7 + 1).forEach(given::add);
          }
          return given;
        };
    List<Long> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<List<Long>> given : threads.invokeAll(List.of(asking, asking, asking, asking))) {
        assertThat(given.get()).isSorted();
        all.addAll(given.get());
      }
    }
    assertThat(all).doesNotHaveDuplicates().hasSize((int) (clock.last() - 5_000 + 1));
  }
}
