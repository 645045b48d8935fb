//! What points to the cause of a refusal, read from /proc. Only what is found is told.

use std::fs;

use crate::tcp::Errno;

/// In the parent, whose user namespace's limits count.
pub fn around(errno: Errno) -> Option<String> {
    let found: Vec<String> = match errno {
        Errno::ENOSPC | Errno::EUSERS => ["user.max_user_namespaces", "user.max_net_namespaces"]
            .into_iter()
            .filter_map(sysctl)
            .collect(),
        Errno::EPERM | Errno::EACCES => [
            "kernel.unprivileged_userns_clone",
            "kernel.apparmor_restrict_unprivileged_userns",
        ]
        .into_iter()
        .filter_map(sysctl)
        .collect(),
        _ => Vec::new(),
    };
    (!found.is_empty()).then(|| found.join(", "))
}

/// In the child: the label that AppArmor put on it. Ubuntu's restriction is `unprivileged_userns`.
pub fn label(errno: Errno) -> Option<String> {
    if !matches!(errno, Errno::EPERM | Errno::EACCES) {
        return None;
    }
    let label = fs::read_to_string("/proc/self/attr/current").ok()?;
    let label = label.trim_end_matches(['\0', '\n']);
    (!label.is_empty()).then(|| format!("security label {label}"))
}

/// Name and value, where there is such a sysctl; it may be there and not readable.
fn sysctl(name: &str) -> Option<String> {
    let path = format!("/proc/sys/{}", name.replace('.', "/"));
    match fs::read_to_string(&path) {
        Ok(value) => Some(format!("{name} = {}", value.trim_end())),
        Err(_) if fs::exists(&path).unwrap_or(false) => Some(format!("{name} exists")),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_evidence_where_a_limit_was_hit() {
        let told = around(Errno::ENOSPC).expect("every kernel with namespaces has them");
        assert!(told.contains("user.max_net_namespaces = "), "{told}");
        assert_eq!(around(Errno::EINVAL), None);
        assert_eq!(label(Errno::ENOSPC), None);
    }
}
