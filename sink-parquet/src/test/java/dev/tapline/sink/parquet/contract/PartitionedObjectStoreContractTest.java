package dev.tapline.sink.parquet.contract;

import java.util.Map;

final class PartitionedObjectStoreContractTest extends ObjectStoreContract {
  PartitionedObjectStoreContractTest() {
    super(Map.of("partition-by", "load-date", "success-marker", "true"));
  }
}
