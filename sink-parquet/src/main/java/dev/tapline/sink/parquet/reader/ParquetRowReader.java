package dev.tapline.sink.parquet.reader;

import dev.tapline.sink.parquet.compression.PageCodecs;
import dev.tapline.sink.parquet.format.BatchBuilder;
import dev.tapline.sink.parquet.format.RowReader;
import dev.tapline.sink.parquet.schema.AvroSchemas;
import dev.tapline.sink.parquet.schema.ChangeField;
import dev.tapline.sink.parquet.schema.FileField;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/// Reads Parquet files that this sink has written.
public final class ParquetRowReader implements RowReader {
  private final ParquetFile file;
  private final PageCodecs codecs;
  private final FileSchema fileSchema;
  private final MessageType schema;
  private final BatchBuilder filler;
  private List<FieldReader> columns = List.of();
  private Map<ChangeField, FieldReader> changes = Map.of();
  private int rowGroups;
  private long left;

  /// @param wanted selects columns by name
  /// @throws IOException if it is not a file of this sink
  public ParquetRowReader(Path path, PageCodecs codecs, Predicate<String> wanted)
      throws IOException {
    this.file = new ParquetFile(path);
    this.codecs = codecs;
    try {
      this.fileSchema = readSchema(file, path);
      this.filler = new BatchBuilder(fileSchema, wanted);
      List<Type> types = new ArrayList<>();
      for (FileField field : fileSchema.fields()) {
        if (isChangeField(field) || wanted.test(field.name())) {
          types.add(fileSchema().getType(field.name()));
        }
      }
      this.schema = new MessageType(fileSchema().getName(), types);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /// Reads the fields of a file.
  public static FileSchema readSchema(Path path) throws IOException {
    try (ParquetFile file = new ParquetFile(path)) {
      return readSchema(file, path);
    }
  }

  @Override
  public Optional<Batch> next() throws IOException {
    Batch batch = filler.batch();
    batch.clear(0);
    while (!filler.isFull() && (left > 0 || nextRowGroup())) {
      row(batch);
      left--;
    }
    return batch.rows() == 0 ? Optional.empty() : Optional.of(batch);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private MessageType fileSchema() {
    return file.footer().getFileMetaData().getSchema();
  }

  private static FileSchema readSchema(ParquetFile file, Path path) throws IOException {
    try {
      return AvroSchemas.fileSchemaOf(
          AvroSchemas.inFooter(file.footer().getFileMetaData().getKeyValueMetaData()));
    } catch (RuntimeException e) {
      throw new IOException(path + " is not a file of this sink: " + e.getMessage(), e);
    }
  }

  private boolean nextRowGroup() throws IOException {
    if (rowGroups >= file.footer().getBlocks().size()) {
      return false;
    }
    BlockMetaData rowGroup = file.footer().getBlocks().get(rowGroups++);
    ColumnReadStoreImpl store =
        new ColumnReadStoreImpl(
            pages(rowGroup),
            new NoOpConverter(schema),
            schema,
            file.footer().getFileMetaData().getCreatedBy());
    columns = new ArrayList<>();
    changes = new EnumMap<>(ChangeField.class);
    for (FileField field : fileSchema.fields()) {
      if (schema.containsField(field.name())) {
        ColumnReader reader =
            store.getColumnReader(
                new MessageType(schema.getName(), schema.getType(field.name()))
                    .getColumns()
                    .getFirst());
        FieldReader values = new FieldReader(reader, field.fieldType());
        if (isChangeField(field)) {
          changes.put(ChangeField.named(field.name()), values);
        } else {
          columns.add(values);
        }
      }
    }
    left = rowGroup.getRowCount();
    return true;
  }

  private PageReadStore pages(BlockMetaData rowGroup) throws IOException {
    Map<ColumnPath, ColumnChunkPageReader> chunks = new HashMap<>();
    for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
      if (schema.containsField(chunk.getPath().toArray()[0])) {
        byte[] bytes = file.read(chunk.getStartingPos(), Math.toIntExact(chunk.getTotalSize()));
        chunks.put(
            chunk.getPath(),
            new ColumnChunkPageReader(chunk, bytes, codecs.getDecompressor(chunk.getCodec())));
      }
    }
    return new RowGroupPages(chunks, rowGroup.getRowCount());
  }

  private record RowGroupPages(Map<ColumnPath, ColumnChunkPageReader> chunks, long rows)
      implements PageReadStore {
    @Override
    public PageReader getPageReader(ColumnDescriptor column) {
      ColumnChunkPageReader pages = chunks.get(ColumnPath.get(column.getPath()));
      if (pages == null) {
        throw new IllegalArgumentException("there is no column " + column);
      }
      return pages;
    }

    @Override
    public long getRowCount() {
      return rows;
    }
  }

  private void row(Batch batch) {
    Set<String> unchanged = Set.of();
    Change change = Change.READ;
    long position = 0;
    long index = 0;
    for (Map.Entry<ChangeField, FieldReader> field : changes.entrySet()) {
      FieldReader reader = field.getValue();
      switch (field.getKey()) {
        case OP -> change = BatchBuilder.change(reader.text());
        case LSN -> position = reader.number();
        case SEQ -> index = reader.number();
        case UNCHANGED -> unchanged = new HashSet<>(reader.texts());
        case COMMITTED_AT, XID, EXTRACTED_AT -> reader.number();
      }
    }
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).appendTo(batch.column(i), unchanged.contains(name(batch, i)));
    }
    batch.endRow(change, position, index, 0, 0);
  }

  private static String name(Batch batch, int column) {
    return batch.schema().fields().get(column).name();
  }

  private boolean isChangeField(FileField field) {
    return fileSchema.changes() && fileSchema.tableSchema().indexOf(field.name()) < 0;
  }
}
