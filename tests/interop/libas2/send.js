'use strict'
const fs = require('fs')
const path = require('path')
const { AS2Composer, request } = require('libas2')
const { settings, agreement, say } = require('./agreement')

async function main () {
  const composer = new AS2Composer({
    message: {
      filename: path.basename(settings.payload),
      contentType: settings.contentType,
      content: fs.readFileSync(settings.payload)
    },
    agreement
  })
  const answer = await request(await composer.toRequestOptions())
  const mime = await answer.mime()
  const receipt = await mime.dispositionIn(settings.receipt ? { cert: agreement.partner.certificate } : undefined)
  say({
    status: answer.statusCode,
    messageId: composer.message.messageId(),
    originalMessageId: receipt.notification.originalMessageId,
    processed: receipt.notification.disposition.processed,
    description: receipt.notification.disposition.description,
    mic: receipt.notification.receivedContentMic
  })
}

main().catch(error => {
  process.stderr.write((error.stack || JSON.stringify(error) || String(error)) + '\n')
  process.exit(1)
})
