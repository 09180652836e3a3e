package dev.tapline.sink.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {
  private final MemoryBudget budget = new MemoryBudget(100);

  @Test
  void letsOneWriterHaveAllOfIt() {
    MemoryBudget.Share share = budget.share();
    assertThat(share.isSpent(100)).isFalse();
    assertThat(share.isSpent(101)).isTrue();
    assertThat(share.isSpent(0)).isFalse();
  }

  @Test
  void asksThoseThatHaveTheirShareOfASpentBudget() {
    MemoryBudget.Share large = budget.share();
    MemoryBudget.Share small = budget.share();
    assertThat(large.isSpent(80)).isFalse();
    assertThat(small.isSpent(30)).isFalse();
    assertThat(large.isSpent(81)).isTrue();
  }

  @Test
  void takesBackWhatAWriterHadThatHasEnded() {
    MemoryBudget.Share ended = budget.share();
    assertThat(ended.isSpent(90)).isFalse();
    ended.close();
    MemoryBudget.Share next = budget.share();
    assertThat(next.isSpent(100)).isFalse();
  }
}
