#!/usr/bin/env python3
"""Tests of embed_sql.py and embed_migrations.py: what they refuse, and what they write."""
import contextlib
import io
import pathlib
import tempfile
import unittest

import embed_migrations
import embed_passwords
import embed_sql


class Folder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.path = pathlib.Path(holder.name)
        self.out = self.path / "out" / "generated"

    def put(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def quietly(self, main, arguments):
        words = io.StringIO()
        with contextlib.redirect_stderr(words):
            status = main(arguments)
        return status, words.getvalue()


class EmbedPasswords(Folder):
    def test_long_ones_are_packed_once_in_order(self):
        self.put("list.json", '["Password", "password", "short", "qwertyuiop"]')
        embed_passwords.main(self.path / "list.json", self.out)
        text = self.out.read_text()
        self.assertIn("std::array<std::uint64_t, 2>", text)
        hashes = sorted(map(embed_passwords.fnv1a, ("password", "qwertyuiop")))
        self.assertIn(", ".join(f"0x{one:016x}" for one in hashes), text)

    def test_anything_but_a_list_of_words_is_refused(self):
        for text in ('{"a": 1}', "[1, 2]"):
            self.put("list.json", text)
            with self.assertRaises(SystemExit):
                embed_passwords.main(self.path / "list.json", self.out)


class EmbedSql(Folder):
    def embed(self):
        files = sorted(str(path) for path in self.path.glob("*.sql"))
        return self.quietly(embed_sql.main, ["service/things", str(self.out), *files])

    def test_one_text_serves_both_engines(self):
        self.put("get_thing.sql", "-- why\nselect 1\nfrom t where id = $1;\n")
        self.assertEqual(self.embed(), (0, ""))
        text = self.out.read_text()
        self.assertIn('get_thing{"things.get_thing"', text)
        self.assertEqual(text.count("select 1\nfrom t where id = $1)sql"), 2)
        self.assertNotIn("why", text)

    def test_each_engine_may_have_its_own(self):
        self.put("a.sqlite.sql", "select 1")
        self.put("a.postgres.sql", "select 2")
        self.assertEqual(self.embed()[0], 0)
        self.assertLess(self.out.read_text().index("select 1"),
                        self.out.read_text().index("select 2"))

    def test_parts_stand_where_they_are_named(self):
        self.put("columns.part.sql", "-- why\nid, name\n")
        self.put("a.sql", "select {columns} from t where body <> '{}' and id = $1")
        self.assertEqual(self.embed(), (0, ""))
        text = self.out.read_text()
        self.assertEqual(text.count("select id, name from t where body <> '{}' and id = $1"), 2)
        self.assertNotIn("Statement columns", text)

    def test_refusals(self):
        for name, text, words in [
                ("a.sql", "select {columns}", "columns.part.sql is missing"),
                ("a.sqlite.sql", "select 1", "a.postgres.sql is missing"),
                ("a.oracle.sql", "select 1", "engine must be"),
                ("Bad.sql", "select 1", "name it like"),
                ("delete.sql", "select 1", "name it like"),
                ("a.sql", "-- nothing\n", "holds no statement"),
                ("a.sql", "select $1, $3", "without a gap")]:
            with self.subTest(name=name, text=text):
                for old in self.path.glob("*.sql"):
                    old.unlink()
                self.put(name, text)
                status, said = self.embed()
                self.assertEqual(status, 1)
                self.assertIn(words, said)
                self.assertFalse(self.out.exists())

    def test_engines_take_the_same_arguments(self):
        self.put("a.sqlite.sql", "select $1")
        self.put("a.postgres.sql", "select $1, $2")
        self.assertIn("different numbers of arguments", self.embed()[1])

    def test_a_name_is_given_once(self):
        self.put("a.sql", "select 1")
        self.put("a.sqlite.sql", "select 1")
        self.assertIn("already has a text", self.embed()[1])


class EmbedMigrations(Folder):
    def embed(self):
        return self.quietly(embed_migrations.main, [str(self.path), str(self.out)])

    def put_both(self, name, text="create table a (id integer);"):
        self.put(f"sqlite/{name}", text)
        self.put(f"postgres/{name}", text)

    def test_steps_in_order(self):
        self.put_both("0002_b.sql")
        self.put_both("0001_a.sql")
        self.assertEqual(self.embed(), (0, ""))
        text = self.out.read_text()
        self.assertLess(text.index('{1, "a"'), text.index('{2, "b"'))

    def test_an_empty_folder_is_an_empty_schema(self):
        self.assertEqual(self.embed()[0], 0)

    def test_both_engines_have_the_same_steps(self):
        self.put_both("0001_a.sql")
        self.put("sqlite/0002_b.sql", "select 1")
        self.assertIn("differ in ['0002_b']", self.embed()[1])

    def test_gaps_but_no_doubles(self):
        self.put_both("0002_a.sql")
        self.put_both("0004_a.sql")
        self.assertEqual(self.embed(), (0, ""))
        self.put_both("0004_b.sql")
        self.assertIn("0004 is there twice", self.embed()[1])

    def test_refusals(self):
        self.put_both("one.sql")
        self.assertIn("name it like", self.embed()[1])


if __name__ == "__main__":
    unittest.main()
