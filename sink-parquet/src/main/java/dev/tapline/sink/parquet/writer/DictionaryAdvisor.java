package dev.tapline.sink.parquet.writer;

import dev.tapline.spi.batch.Batch;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;

/// Which columns gain nothing by a dictionary: by the look of a stream's first rows, and by what
/// became of dictionaries in files of this run. The library would try one again for each row group,
/// and hash 20,000 values of it in vain: a fifth of the time of files of 200,000 rows. Safe for use
/// by several threads.
public final class DictionaryAdvisor {
  private static final int TELLING = 10_000;

  private final Set<String> useless = ConcurrentHashMap.newKeySet();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /// Knows nothing yet.
  public DictionaryAdvisor() {}

  void apply(MessageType schema, ParquetProperties.Builder properties) {
    for (String[] path : schema.getPaths()) {
      String column = String.join(".", path);
      if (useless.contains(key(schema.getName(), column))) {
        properties.withDictionaryEncoding(column, false);
      }
    }
  }

  /// Looks at the first rows of a stream.
  void look(MessageType schema, Batch batch, int from, int to) {
    if (!seen.add(schema.getName())) {
      return;
    }
    List<String[]> paths = schema.getPaths();
    for (int i = 0; i < batch.columns().size(); i++) {
      if (CardinalitySample.isRare(batch.column(i), from, to)) {
        useless.add(key(schema.getName(), String.join(".", paths.get(i))));
      }
    }
  }

  /// Learns from what became of dictionaries.
  void learn(MessageType schema, Iterable<BlockMetaData> rowGroups) {
    for (BlockMetaData rowGroup : rowGroups) {
      for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
        boolean telling = chunk.getValueCount() - chunk.getStatistics().getNumNulls() >= TELLING;
        if (telling && chunk.getEncodings().stream().noneMatch(Encoding::usesDictionary)) {
          useless.add(key(schema.getName(), chunk.getPath().toDotString()));
        }
      }
    }
  }

  private static String key(String destination, String column) {
    return destination + "\0" + column;
  }
}
