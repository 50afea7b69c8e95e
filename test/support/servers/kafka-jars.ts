import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheFolder, runToEnd, which } from './machine.ts'

/** Not 4.3.0 to 4.4.0: they forget to end transactions (KAFKA-20734, `test/kafka/engine/log/leaderless.test.ts`). */
export const KAFKA_VERSION = '4.2.2'

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>stratum.test</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>2.25.3</version>
    </dependency>
  </dependencies>
</project>
`

/** One line that says what is missing to run Apache Kafka here, or null. */
export function kafkaMissing(): string | null {
  if (which('java') === null) return 'Apache Kafka needs Java 17 (apt-get install openjdk-17-jre-headless)'
  const ready = existsSync(cacheFolder(`kafka-${KAFKA_VERSION}`))
  if (!ready && which('mvn') === null) return 'Apache Kafka needs Maven to be fetched (apt-get install maven)'
  return null
}

/** The class path of Apache Kafka: from Maven Central, once a machine. Processes may do this at the same time. */
export async function kafkaClassPath(): Promise<string> {
  const folder = cacheFolder(`kafka-${KAFKA_VERSION}`)
  if (!existsSync(folder)) await fetched(folder)
  return join(folder, '*')
}

/** Complete or absent: jars are fetched into a folder of this process, which is then renamed. */
async function fetched(folder: string): Promise<void> {
  const scratch = `${folder}.${process.pid}`
  mkdirSync(scratch, { recursive: true })
  try {
    writeFileSync(join(scratch, 'pom.xml'), POM)
    const args = ['-q', '-B', '-f', scratch, 'dependency:copy-dependencies', '-DoutputDirectory=libs']
    // One at a time: Maven's own store of downloads is not made for several writers.
    if (which('flock') === null) await runToEnd('mvn', args)
    else await runToEnd('flock', [join(dirname(folder), 'maven.lock'), 'mvn', ...args])
    renameSync(join(scratch, 'libs'), folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
