package dev.tapline.sink.parquet;

import java.util.Map;

final class ParquetPartitionedContractTest extends FilesContract {
  ParquetPartitionedContractTest() {
    super(Map.of("partition-by", "load-date", "compression", "snappy", "success-marker", true));
  }
}
