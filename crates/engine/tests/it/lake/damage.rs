//! Files that are not any more what was written are noticed, never answered from.

use std::fs;
use std::path::PathBuf;

use clientele_engine::integrity::DamageKind;
use clientele_engine::{EngineError, Lake};

use crate::lake::fails;
use crate::support::{copy_folder, import, lake, location, register, rows, session};

/// What is read of all rows of `orders`, each column of them.
async fn read(lake: &Lake) -> Result<String, EngineError> {
    let session = session().await;
    let (Some(_), files) = (lake.schema("orders").await?, lake.files("orders").await?) else {
        return Ok(String::new());
    };
    assert!(!files.is_empty());
    register(&session, lake).await;
    let sql = "select count(*), sum(key), count(name), max(name), sum(amount), max(at), min(day) from orders";
    let batches = session.sql(sql).await?.collect().await?;
    Ok(format!("{batches:?}"))
}

fn path_of(lake: &Lake, file: &clientele_engine::DataFile) -> PathBuf {
    assert!(lake.location().as_folder().is_some());
    file.url.to_file_path().unwrap()
}

#[tokio::test]
async fn any_damaged_part_of_a_data_file_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("原");
    let mut lake = lake(&place).await;
    let files = import(&mut lake, "b0001", 0..2000).await;
    let sound = read(&lake).await.unwrap();
    let bytes = fs::read(path_of(&lake, &files[1])).unwrap();
    let mut noticed = 0;
    for at in (0..bytes.len()).step_by(97) {
        // Elsewhere, so that nothing is known of it from an earlier reading.
        let copy = folder.path().join(format!("湖 {at}"));
        copy_folder(&place, &copy);
        let lake = Lake::open(location(&copy)).await.unwrap();
        let path = copy.join("orders").join(&files[1].path);
        let mut damaged = bytes.clone();
        let until = (at + 20).min(bytes.len());
        damaged[at..until].iter_mut().for_each(|byte| *byte ^= 0x5a);
        fs::write(&path, &damaged).unwrap();
        match read(&lake).await {
            Ok(answer) => assert_eq!(answer, sound, "a wrong answer with byte {at} changed"),
            Err(EngineError::Damaged(damage)) => {
                noticed += 1;
                assert!(damage.at.ends_with(&files[1].path) && damage.at.contains("湖 "), "{damage}");
                assert_eq!(damage.partition("bucket"), Some("1"));
                assert_eq!(damage.partition("batch"), Some("b0001"));
            }
            Err(error) => panic!("with byte {at} changed: {error}"),
        }
    }
    assert!(noticed > bytes.len() / 97 / 2, "{noticed}");
    assert_eq!(read(&lake).await.unwrap(), sound);
}

#[tokio::test]
async fn a_file_that_is_missing_or_cut_off_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    let files = import(&mut lake, "b0001", 0..2000).await;
    let path = path_of(&lake, &files[0]);
    let bytes = fs::read(&path).unwrap();
    for length in [0, 1, 7, 100, bytes.len() / 2, bytes.len() - 9, bytes.len() - 1] {
        fs::write(&path, &bytes[..length]).unwrap();
        let error = fails(read(&lake).await);
        assert!(
            matches!(&error, EngineError::Damaged(damage) if damage.at.ends_with(&files[0].path)),
            "{length}: {error}"
        );
    }
    fs::remove_file(&path).unwrap();
    let error = fails(read(&lake).await);
    assert!(matches!(&error, EngineError::Damaged(damage) if damage.kind == DamageKind::Missing), "{error}");
}

#[tokio::test]
async fn files_of_an_earlier_release_are_read() {
    // Written without checksums, and named so.
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    let files = import(&mut lake, "b0001", 0..10).await;
    let mut change = lake.begin().await.unwrap();
    let old: Vec<_> = files
        .iter()
        .map(|file| {
            let path = file.path.replace(".sealed", "");
            let url = file.url.as_str().replace(".sealed", "").parse().unwrap();
            let bytes = fs::read(path_of(&lake, file)).unwrap();
            // Another key of the same length is no checksum.
            let key = bytes.windows(14).position(|part| part == b"lake.checksums").unwrap();
            let mut without = bytes;
            without[key..key + 14].copy_from_slice(b"else.checksums");
            let old = clientele_engine::DataFile { path, url, hash: None, ..file.clone() };
            fs::write(path_of(&lake, &old), without).unwrap();
            old
        })
        .collect();
    let sound = read(&lake).await.unwrap();
    change.remove("orders", files).unwrap();
    change.add("orders", old).unwrap();
    change.commit("as before").await.unwrap();
    lake.refresh().await.unwrap();
    assert_eq!(read(&lake).await.unwrap(), sound);
}

#[tokio::test]
async fn a_log_that_was_cut_off_or_changed_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("lake");
    let mut first = lake(&place).await;
    for batch in 0..3 {
        import(&mut first, &format!("b{batch}"), batch * 10..batch * 10 + 10).await;
    }
    let sound = read(&first).await.unwrap();
    let log = "_delta_log/0000000000000000000";
    for entry in ["manifest", "orders"].iter().flat_map(|t| (0..4).map(move |v| format!("{t}/{log}{v}.json")))
    {
        let path = place.join(&entry);
        let Ok(bytes) = fs::read(&path) else { continue };
        let lines: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'\n').collect();
        let mut versions: Vec<Vec<u8>> = vec![Vec::new()];
        // At the end of each line, in the middle of the entry, and with something else in it.
        versions.extend(lines.iter().filter(|at| **at + 1 < bytes.len()).map(|at| bytes[..=*at].to_vec()));
        versions.push(bytes[..bytes.len() / 2].to_vec());
        let mut changed = bytes.clone();
        let at = bytes.len() - 30;
        changed[at] = if changed[at] == b'7' { b'8' } else { b'7' };
        versions.push(changed);
        for version in versions {
            fs::write(&path, &version).unwrap();
            let opened = async { read(&Lake::open(location(&place)).await?).await }.await;
            let error = fails(opened);
            let told = error.to_string();
            assert!(!told.contains("stack backtrace") && told.lines().count() == 1, "{entry}: {told}");
            assert!(told.contains("lake"), "the place is named: {told}");
            let is_known = matches!(error, EngineError::Damaged(_) | EngineError::Corrupt { .. });
            assert!(is_known, "{entry} of {} bytes: {error:?}", version.len());
        }
        fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(read(&Lake::open(location(&place)).await.unwrap()).await.unwrap(), sound);
}

#[tokio::test]
async fn a_log_entry_that_is_missing_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("lake");
    let mut first = lake(&place).await;
    for batch in 0..3 {
        import(&mut first, &format!("b{batch}"), batch * 10..batch * 10 + 10).await;
    }
    for version in 0..4 {
        let copy = folder.path().join(format!("copy{version}"));
        copy_folder(&place, &copy);
        fs::remove_file(copy.join(format!("orders/_delta_log/0000000000000000000{version}.json"))).unwrap();
        let error = fails(async { read(&Lake::open(location(&copy)).await?).await }.await);
        assert!(
            matches!(error, EngineError::Corrupt { .. } | EngineError::Damaged(_)),
            "{version}: {error:?}"
        );
        assert!(error.to_string().contains("orders"), "{error}");
    }
    let mut lake = Lake::open(location(&place)).await.unwrap();
    let mut change = lake.begin().await.unwrap();
    let mut writer = change.writer("orders", &[("bucket", "0"), ("batch", "b9")]).unwrap();
    writer.write(&rows(0..1)).unwrap();
    change.add("orders", vec![writer.finish().unwrap()]).unwrap();
    change.commit("b9").await.unwrap();
    lake.refresh().await.unwrap();
}
