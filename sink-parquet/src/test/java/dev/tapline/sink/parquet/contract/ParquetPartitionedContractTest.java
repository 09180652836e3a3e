package dev.tapline.sink.parquet.contract;

import java.util.Map;

final class ParquetPartitionedContractTest extends FolderContract {
  ParquetPartitionedContractTest() {
    super(Map.of("partition-by", "load-date", "compression", "snappy", "success-marker", true));
  }
}
