package dev.tapline.sink.parquet.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.sink.parquet.fixture.DuckDb;
import dev.tapline.sink.parquet.fixture.SinkFixture;
import dev.tapline.sink.parquet.fixture.TestFiles;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Temporals;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SortingColumn;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortingColumnsTest {
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.of("tags", Scalar.TEXT, "text"),
              Field.of("id", Scalar.INT64, "bigint"),
              Field.of("at", Scalar.TIMESTAMP, "timestamp")),
          List.of());

  @TempDir Path folder;

  @Test
  void saysTheOrderInWhichRowsCame() throws Exception {
    write(List.of("id"), new Object[][] {{"b", -5L, 0L}, {"a", 7L, 0L}, {"c", 7L, 0L}});

    assertThat(claims()).containsExactly(new SortingColumn(1, false, false));
    assertThat(DuckDb.query("SELECT id FROM " + DuckDb.table(files())))
        .containsExactly(List.of("-5"), List.of("7"), List.of("7"));
  }

  @Test
  void saysTheOrderBySeveralColumns() throws Exception {
    write(List.of("id", "tags"), new Object[][] {{"z", 1L, 0L}, {"a", 2L, 0L}, {"é", 2L, 0L}});

    assertThat(claims())
        .containsExactly(new SortingColumn(1, false, false), new SortingColumn(0, false, false));
  }

  @Test
  void saysNothingOfRowsInAnotherOrder() throws Exception {
    write(List.of("id", "tags"), new Object[][] {{"b", 1L, 0L}, {"a", 1L, 0L}});

    assertThat(claims()).isEmpty();
  }

  @Test
  void saysNothingWhereAValueIsNull() throws Exception {
    write(List.of("id"), new Object[][] {{"a", 1L, 0L}, {"b", null, 0L}});

    assertThat(claims()).isEmpty();
  }

  @Test
  void saysNothingWhereAValueBecomesNullInTheFile() throws Exception {
    write(List.of("at"), new Object[][] {{"a", 1L, 0L}, {"b", 1L, Temporals.INFINITY}});

    assertThat(claims()).isEmpty();
  }

  @Test
  void saysNothingOfAFileThatLacksAColumn() throws Exception {
    write(List.of("id", "other"), new Object[][] {{"a", 1L, 0L}, {"b", 2L, 0L}});

    assertThat(claims()).isEmpty();
  }

  private void write(List<String> columns, Object[][] rows) throws Exception {
    Batch batch = SinkFixture.batch(SCHEMA);
    for (Object[] row : rows) {
      ((BytesColumn) batch.column(0)).append((String) row[0]);
      if (row[1] == null) {
        batch.column(1).appendNull();
      } else {
        ((LongColumn) batch.column(1)).append((Long) row[1]);
      }
      ((LongColumn) batch.column(2)).append((Long) row[2]);
      batch.endRow();
    }
    new SinkFixture(folder, Map.of("sorting-columns", columns, "special-values", "null"))
        .load(1, 1, batch);
  }

  private List<Path> files() throws Exception {
    return TestFiles.in(folder.resolve("orders"), ".parquet");
  }

  private List<SortingColumn> claims() throws Exception {
    byte[] file = Files.readAllBytes(files().getFirst());
    int length = ByteBuffer.wrap(file, file.length - 8, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    FileMetaData footer =
        Util.readFileMetaData(new ByteArrayInputStream(file, file.length - 8 - length, length));
    assertThat(footer.getRow_groups()).hasSize(1);
    List<SortingColumn> claims = footer.getRow_groups().getFirst().getSorting_columns();
    return claims == null ? List.of() : claims;
  }
}
