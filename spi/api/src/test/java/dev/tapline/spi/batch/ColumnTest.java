package dev.tapline.spi.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ColumnTest {
  @Test
  void takesOverValuesNullsAndWhatWasNotCarried() {
    LongColumn from = (LongColumn) Column.of(Scalar.INT64, 1);
    from.append(7);
    from.appendNull();
    from.appendUnchanged();
    LongColumn to = (LongColumn) Column.of(Scalar.INT64, 1);
    for (int row = 2; row >= 0; row--) {
      to.appendFrom(from, row);
    }

    assertThat(to.size()).isEqualTo(3);
    assertThat(to.isUnchanged(0)).isTrue();
    assertThat(to.isNull(1)).isTrue();
    assertThat(to.get(2)).isEqualTo(7);
    assertThat(to.isNull(2) || to.isUnchanged(2)).isFalse();
  }

  @Test
  void takesOverValuesOfEachClass() {
    BooleanColumn booleans = (BooleanColumn) Column.of(Scalar.BOOLEAN, 1);
    booleans.append(true);
    booleans.appendFrom(booleans, 0);
    assertThat(booleans.get(1)).isTrue();

    DoubleColumn doubles = (DoubleColumn) Column.of(Scalar.FLOAT64, 1);
    doubles.append(-0.0);
    doubles.appendFrom(doubles, 0);
    assertThat(doubles.get(1)).isEqualTo(-0.0);

    BytesColumn bytes = (BytesColumn) Column.of(Scalar.TEXT, 1);
    bytes.append("x".repeat(1_000));
    for (int row = 0; row < 100; row++) {
      bytes.appendFrom(bytes, row);
    }
    assertThat(bytes.text(100)).isEqualTo("x".repeat(1_000));
  }

  @Test
  void takesOverListsWithTheirShape() {
    ListColumn from = (ListColumn) Column.of(new DataType.ListOf(Scalar.INT32), 1);
    ((LongColumn) from.elements()).append(1);
    from.elements().appendNull();
    from.endList(new ListColumn.Dimensions(List.of(2), List.of(0)));
    from.endList();
    ListColumn to = (ListColumn) Column.of(new DataType.ListOf(Scalar.INT32), 1);
    to.appendFrom(from, 1);
    to.appendFrom(from, 0);

    assertThat(to.end(0) - to.start(0)).isZero();
    assertThat(to.shape(0)).isNull();
    assertThat(to.end(1) - to.start(1)).isEqualTo(2);
    assertThat(to.shape(1)).isEqualTo(from.shape(0));
    assertThat(((LongColumn) to.elements()).get(to.start(1))).isEqualTo(1);
    assertThat(to.elements().isNull(to.start(1) + 1)).isTrue();
  }

  @Test
  void anotherClassIsRefused() {
    LongColumn longs = (LongColumn) Column.of(Scalar.INT64, 1);
    longs.append(1);
    Column texts = Column.of(Scalar.TEXT, 1);

    assertThatThrownBy(() -> texts.appendFrom(longs, 0)).isInstanceOf(ClassCastException.class);
    assertThat(texts.size()).isZero();
  }
}
