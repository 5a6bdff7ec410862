'use strict'
// Both programs read one settings file and speak for its "from" side.
const fs = require('fs')

const settings = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))
const pem = path => fs.readFileSync(path, 'utf8')

const agreement = {
  host: {
    name: settings.from,
    id: settings.from,
    url: 'http://127.0.0.1/',
    certificate: pem(settings.certificate),
    privateKey: pem(settings.key),
    sign: settings.sign,
    decrypt: Boolean(settings.encrypt),
    mdn: { async: false, signing: settings.receipt }
  },
  partner: {
    name: settings.to,
    id: settings.to,
    url: settings.url || 'http://127.0.0.1/',
    certificate: pem(settings.partnerCertificate),
    encrypt: settings.encrypt,
    verify: Boolean(settings.sign),
    mdn: { async: false, signing: settings.receipt }
  }
}

module.exports = { settings, agreement, say: line => process.stdout.write(JSON.stringify(line) + '\n') }
