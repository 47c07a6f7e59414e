/** A connection to one of the lab's databases: statements kept by their text, transactions, and errors that people understand. */
import Database from 'better-sqlite3';
import { dirname } from 'node:path';
import { explainSqlError, isDamage } from './sql-errors.ts';

export type SqlValue = string | number | bigint | Uint8Array | null;

export interface Statement<Row> {
  get(...values: readonly SqlValue[]): Row | undefined;
  all(...values: readonly SqlValue[]): Row[];
  /** The number of rows that it changed. */
  run(...values: readonly SqlValue[]): number;
}

export interface SqlDatabase {
  readonly path: string;
  /** The folder it lies in: the lab's. */
  readonly dataFolder: string;
  /** The same text gives the same statement. */
  prepare<Row = never>(text: string): Statement<Row>;
  /** For a text that will hardly come again; rows as arrays of their columns. */
  queryOnce(text: string, values: readonly SqlValue[]): SqlValue[][];
  exec(text: string): void;
  /** Ends a transaction that `exec` began, if there is one. */
  rollback(): void;
  pragma(text: string): unknown;
  /** All of `work` or nothing; within another transaction it is a part of that one. On the disk when it returns, where the database is kept so. */
  transaction<T>(work: () => T): T;
  /** A transaction that a power cut may undo, for what can be had again from a journal. */
  relaxedTransaction<T>(work: () => T): T;
  /** Makes a JavaScript function of text known to SQL. */
  defineFunction(name: string, compute: (...values: readonly SqlValue[]) => SqlValue): void;
  close(): void;
}

/** What people did must survive a power cut (`full`: flushed at each commit); what the journals hold need not (`normal`). */
export type Durability = 'full' | 'normal';

/**
 * Opens or creates the database at `path`.
 * @param onDamage called whenever the database is found to be damaged, before the error is thrown.
 * @throws FailureError `database-damaged`, `database-not-writable` or `disk-full`.
 */
export function openSql(path: string, durability: Durability, onDamage: () => void = () => {}): SqlDatabase {
  const explained = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (isDamage(error)) onDamage();
      throw explainSqlError(error, path);
    }
  };
  const connection = explained(() => connect(path, durability));
  const statements = new Map<string, Statement<never>>();

  const prepare = (text: string): Statement<never> => {
    const statement = explained(() => connection.prepare<SqlValue[], never>(text));
    return {
      get: (...values) => explained(() => statement.get(...values)),
      all: (...values) => explained(() => statement.all(...values)),
      run: (...values) => explained(() => statement.run(...values).changes),
    };
  };
  const transaction = <T>(work: () => T): T =>
    connection.inTransaction ? work() : explained(() => connection.transaction(work).immediate());

  return {
    path,
    dataFolder: dirname(path),
    prepare: <Row>(text: string): Statement<Row> => {
      let statement = statements.get(text);
      if (statement === undefined) statements.set(text, (statement = prepare(text)));
      return statement;
    },
    queryOnce: (text, values) =>
      explained(() =>
        connection
          .prepare<SqlValue[], SqlValue[]>(text)
          .raw()
          .all(...values),
      ),
    exec: (text) => explained(() => void connection.exec(text)),
    rollback: () => {
      if (connection.inTransaction) connection.exec('ROLLBACK');
    },
    pragma: (text) => explained(() => connection.pragma(text)),
    transaction,
    relaxedTransaction: (work) => {
      if (connection.inTransaction || durability === 'normal') return transaction(work);
      connection.pragma('synchronous = NORMAL');
      try {
        return transaction(work);
      } finally {
        connection.pragma('synchronous = FULL');
      }
    },
    defineFunction: (name, compute) => void connection.function(name, { deterministic: true, varargs: true }, compute),
    close: () => void connection.close(),
  };
}

function connect(path: string, durability: Durability): Database.Database {
  const connection = new Database(path, { timeout: 5000 });
  try {
    connection.pragma('journal_mode = WAL');
    connection.pragma(`synchronous = ${durability}`);
    connection.pragma('foreign_keys = ON');
    connection.pragma('temp_store = MEMORY');
    // 64 MB: all pages of lab.db in a lab of 10,000 runs, which every list looks at.
    connection.pragma('cache_size = -65536');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
