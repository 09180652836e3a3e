package dev.tapline.sink.parquet.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import org.junit.jupiter.api.Test;

final class CardinalitySampleTest {
  private static final int ROWS = 4_000;

  @Test
  void keysAreRare() {
    LongColumn column = (LongColumn) Column.of(Scalar.INT64, 16);
    for (int row = 0; row < ROWS; row++) {
      column.append(row);
    }
    assertThat(CardinalitySample.isNearlyUnique(column, 0, ROWS)).isTrue();
  }

  @Test
  void tooFewRowsTellNothing() {
    LongColumn column = (LongColumn) Column.of(Scalar.INT64, 16);
    for (int row = 0; row < ROWS; row++) {
      column.append(row);
    }
    assertThat(CardinalitySample.isNearlyUnique(column, 0, 900)).isFalse();
    assertThat(CardinalitySample.isNearlyUnique(column, 0, 0)).isFalse();
  }

  @Test
  void aTenthOfRepetitionsIsEnoughForADictionary() {
    LongColumn column = (LongColumn) Column.of(Scalar.INT64, 16);
    for (int row = 0; row < ROWS; row++) {
      column.append(row % (ROWS * 8 / 10));
    }
    assertThat(CardinalitySample.isNearlyUnique(column, 0, ROWS)).isFalse();
  }

  @Test
  void nullsAreNoRepetitions() {
    DoubleColumn column = (DoubleColumn) Column.of(Scalar.FLOAT64, 16);
    for (int row = 0; row < ROWS; row++) {
      if (row % 2 == 0) {
        column.appendNull();
      } else {
        column.append(row / 3.0);
      }
    }
    assertThat(CardinalitySample.isNearlyUnique(column, 0, ROWS)).isTrue();
  }

  @Test
  void elementsOfListsAreLookedAt() {
    ListColumn rare = (ListColumn) Column.of(new DataType.ListOf(Scalar.TEXT), 16);
    ListColumn common = (ListColumn) Column.of(new DataType.ListOf(Scalar.TEXT), 16);
    for (int row = 0; row < ROWS; row++) {
      ((BytesColumn) rare.elements()).append("x" + row);
      rare.endList();
      ((BytesColumn) common.elements()).append("x" + row);
      ((BytesColumn) common.elements()).append("y");
      common.endList();
    }
    assertThat(CardinalitySample.isNearlyUnique(rare, 0, ROWS)).isTrue();
    assertThat(CardinalitySample.isNearlyUnique(common, 0, ROWS)).isFalse();
  }
}
