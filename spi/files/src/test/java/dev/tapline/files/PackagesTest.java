package dev.tapline.files;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import tools.jackson.core.TokenStreamFactory;

/// Which packages of the library may know which.
final class PackagesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tapline.files");

  @Test
  void packagesNeedEachOtherOneWay() {
    slices().matching("dev.tapline.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void filesKnowNothingOfTaplineButItsSpi() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("dev.tapline..")
                .or(resideInAnyPackage("dev.tapline.spi..", "dev.tapline.files..")))
        .check(CLASSES);
  }

  @Test
  void foldersKnowNothingOfObjectStores() {
    noClasses()
        .that()
        .resideInAPackage("dev.tapline.files")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.tapline.files.objects..")
        .check(CLASSES);
  }

  @Test
  void jsonIsReadByOneCodec() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tapline.files.json")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(TokenStreamFactory.class)
        .check(CLASSES);
  }
}
