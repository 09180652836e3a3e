package dev.tapline.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// The tests of a contract, called one by one to see which of them a plug-in fails.
final class ContractTests {
  private ContractTests() {}

  static List<Method> of(Class<?> contract) {
    return Arrays.stream(contract.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .toList();
  }

  /// The names of those that fail, each called on an instance of its own.
  static List<String> failures(List<Method> tests, Supplier<?> instance) throws Exception {
    List<String> failures = new ArrayList<>();
    for (Method method : tests) {
      try {
        method.invoke(instance.get());
      } catch (InvocationTargetException e) {
        failures.add(method.getName());
      }
    }
    return failures;
  }
}
