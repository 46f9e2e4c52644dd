//! Real names in every script, as people type them.

use super::*;

const PEOPLE: [&[&str]; 22] = [
    &["Mohamed Benali", "محمد بن علي"],
    &["Fatima Zahra El Idrissi"],
    &["عبد الرحمن القاضي"],
    &["Oleksandr Shevchenko"],
    &["Юлія Коваленко"],
    &["Джамал Алиев"],
    &["Harpreet Kaur", "ਹਰਪ੍ਰੀਤ ਕੌਰ"],
    &["ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"],
    &["राजेश शर्मा"],
    &["Rajesh Kumar"],
    &["রহমান হোসেন"],
    &["Nasrin Akter"],
    &["王小明"],
    &["Zhang Wei"],
    &["欧阳丽"],
    &["Șerban Popescu"],
    &["Élodie N’Diaye"],
    &["Agnieszka Wiśniewska"],
    &["Nguyễn Thị Ánh"],
    &["Ibrahim Chowdhury"],
    &["Mamadou Ouédraogo"],
    &["Noureddine Bouchaara"],
];

fn index() -> Index<usize> {
    Index::new(
        PEOPLE
            .iter()
            .enumerate()
            .map(|(id, names)| (id, names.iter().copied())),
    )
}

#[track_caller]
fn check(query: &str, name: &str) {
    let found = index().find(query, 5);
    let first = found.first().map(|found| PEOPLE[found.id][0]);
    assert_eq!(first, Some(name), "{query}: {found:?}");
}

#[test]
fn every_script_finds_latin_records() {
    for (query, name) in [
        ("محمد بن علي", "Mohamed Benali"),
        ("فاطمة الزهراء الإدريسي", "Fatima Zahra El Idrissi"),
        ("نورالدين بوشعرة", "Noureddine Bouchaara"),
        ("ابراہیم چودھری", "Ibrahim Chowdhury"),
        ("Олександр Шевченко", "Oleksandr Shevchenko"),
        ("Шевченко Александр", "Oleksandr Shevchenko"),
        ("ਹਰਪ੍ਰੀਤ", "Harpreet Kaur"),
        ("राजेश कुमार", "Rajesh Kumar"),
        ("নাসরিন আক্তার", "Nasrin Akter"),
        ("张伟", "Zhang Wei"),
    ] {
        check(query, name);
    }
}

#[test]
fn latin_finds_records_of_every_script() {
    for (query, name) in [
        ("abderrahmane el kadi", "عبد الرحمن القاضي"),
        ("Abdul Rahman", "عبد الرحمن القاضي"),
        ("Yulia Kovalenko", "Юлія Коваленко"),
        ("Jamal Aliev", "Джамал Алиев"),
        ("Gurpreet Singh", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"),
        ("Rajesh Sharma", "राजेश शर्मा"),
        ("Rahman Hossain", "রহমান হোসেন"),
        ("Wang Xiaoming", "王小明"),
        ("Xiaoming", "王小明"),
        ("Ouyang Li", "欧阳丽"),
    ] {
        check(query, name);
    }
}

#[test]
fn a_script_finds_itself_and_one_script_another() {
    for (query, name) in [
        ("القاضى عبدالرحمن", "عبد الرحمن القاضي"),
        ("王小", "王小明"),
        ("ਗੁਰ", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"),
        ("коваленко юлия", "Юлія Коваленко"),
        ("جمال علييف", "Джамал Алиев"),
        ("ਰਾਜੇਸ਼ ਸ਼ਰਮਾ", "राजेश शर्मा"),
    ] {
        check(query, name);
    }
}

#[test]
fn neither_accents_nor_order_nor_one_wrong_letter_matter() {
    for (query, name) in [
        ("popescu serban", "Șerban Popescu"),
        ("ndiaye elodie", "Élodie N’Diaye"),
        ("wisniewska", "Agnieszka Wiśniewska"),
        ("anh nguyen", "Nguyễn Thị Ánh"),
        ("ouedrogo", "Mamadou Ouédraogo"),
        ("bouchara nourdine", "Noureddine Bouchaara"),
        ("ifatima zahra", "Fatima Zahra El Idrissi"),
        ("popsecu", "Șerban Popescu"),
    ] {
        check(query, name);
    }
}

#[test]
fn every_beginning_of_a_name_finds_it() {
    for name in ["Agnieszka", "Шевченко", "Bouchaara", "ਹਰਪ੍ਰੀਤ", "Kovalenko"]
    {
        let letters: Vec<char> = name.chars().collect();
        let whole = index().find(name, 1)[0].id;
        for count in 2..letters.len() {
            let typed: String = letters.iter().take(count).collect();
            let found = index().find(&typed, 5);
            assert!(
                found.iter().any(|found| found.id == whole),
                "{typed}: {found:?}"
            );
        }
    }
}

#[test]
fn what_is_like_nothing_finds_nothing() {
    for query in ["", " ", "…", "xqzzk", "Schwarzenegger", "يوسف"] {
        assert_eq!(index().find(query, 5), [], "{query}");
    }
    assert_eq!(Index::<u8>::new([(1, ["Ali"]); 0]).find("Ali", 5), []);
    assert_eq!(index().find("Ali", 0), []);
}

#[test]
fn words_of_one_person_come_before_words_of_two() {
    let families = [["Ahmed Ali", "Sara Khan"], ["Ahmed Khan", "Sara Ali"]];
    let index = Index::new(
        families
            .iter()
            .enumerate()
            .map(|(id, names)| (id, names.iter().copied())),
    );
    let ids: Vec<usize> = index
        .find("khan ahmed", 5)
        .iter()
        .map(|found| found.id)
        .collect();
    assert_eq!(ids, [1, 0]);
}
